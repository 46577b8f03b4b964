-- The dimensions by which rollups count payments.
-- Written by scripts/catalogue from sql/catalogue.
DELETE FROM dimension_definitions
WHERE dimension NOT IN (
    'all', 'transaction_type', 'merchant_category', 'location', 'device_type', 'channel',
    'product', 'acquirer', 'card_scheme', 'response_code'
);
INSERT INTO dimension_definitions (
    dimension,
    dimension_number,
    payment_column,
    null_member,
    has_latency,
    meaning
)
VALUES
    ('all', 1, NULL, NULL, 1, 'Every payment, without a split'),
    ('transaction_type', 2, 'transaction_type', NULL, 1, 'Type of payment'),
    ('merchant_category', 3, 'merchant_category', '(none)', 0, 'Category of the merchant'),
    ('location', 4, 'location', '(none)', 0, 'City where the payment was made'),
    ('device_type', 5, 'device_type', '(none)', 0, 'Device'),
    ('channel', 6, 'channel', '(none)', 1, 'Channel'),
    ('product', 7, 'product', '(none)', 0, 'Product of the bank'),
    ('acquirer', 8, 'acquirer', '(none)', 1, 'Acquirer or payment service provider'),
    ('card_scheme', 9, 'card_scheme', '(none)', 1, 'Card scheme'),
    ('response_code', 10, 'response_code', '(none)', 0, 'Answer of the issuer or switch')
ON DUPLICATE KEY UPDATE
    dimension_number = VALUES(dimension_number),
    payment_column = VALUES(payment_column),
    null_member = VALUES(null_member),
    has_latency = VALUES(has_latency),
    meaning = VALUES(meaning);
