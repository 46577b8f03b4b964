-- Types of payment.
INSERT INTO transaction_types (
    transaction_type,
    description,
    is_outgoing
) VALUES
    ('card_payment', 'Purchase by card', 1),
    ('atm_withdrawal', 'Cash from a machine', 1),
    ('transfer', 'Credit transfer', 1),
    ('instant_transfer', 'Instant credit transfer', 1),
    ('direct_debit', 'Collection by a creditor', 1),
    ('upi_p2p', 'UPI payment to a person', 1),
    ('upi_merchant', 'UPI payment to a merchant', 1),
    ('wire', 'High-value wire', 1),
    ('deposit', 'Incoming credit, such as salary', 0),
    ('cash_deposit', 'Cash paid in', 0),
    ('refund', 'Payment given back, made by refund_payment', 0)
ON DUPLICATE KEY UPDATE
    description = VALUES(description),
    is_outgoing = VALUES(is_outgoing);
