-- Catalogue of payment states. maximum_age_seconds is yours to change.
INSERT INTO payment_states (
    state,
    sort_order,
    is_terminal,
    is_attempt,
    is_approved,
    is_captured,
    maximum_age_seconds,
    meaning
) VALUES
    -- each state:
    --     (
    --         '{state}', {number}, {terminal}, {attempt}, {approved}, {captured}, {age},
    --         '{meaning}')
    (
        'created', 1, 0, 0, 0, 0, 900,
        'Asked for, not yet confirmed by the payer'),
    (
        'pending', 2, 0, 0, 0, 0, 86400,
        'Confirmed, waiting for an answer or for processing'),
    (
        'authorized', 3, 0, 1, 1, 0, 604800,
        'Approved by the issuer, money not yet taken'),
    (
        'completed', 4, 1, 1, 1, 1, NULL,
        'Approved and taken'),
    (
        'failed', 5, 1, 1, 0, 0, NULL,
        'Technical decline: connectivity, switch or message'),
    (
        'denied', 6, 1, 1, 0, 0, NULL,
        'Business decline: funds, limit, credentials, risk'),
    (
        'cancelled', 7, 1, 0, 0, 0, NULL,
        'Withdrawn before it was sent or taken'),
    (
        'reversed', 8, 1, 1, 1, 1, NULL,
        'Taken, then undone by us or the acquirer'),
    (
        'refunded', 9, 1, 1, 1, 1, NULL,
        'Taken, then paid back by the merchant'),
    (
        'charged_back', 10, 1, 1, 1, 1, NULL,
        'Taken, then disputed and paid back by the scheme')
    -- end
ON DUPLICATE KEY UPDATE
    sort_order = VALUES(sort_order),
    is_terminal = VALUES(is_terminal),
    is_attempt = VALUES(is_attempt),
    is_approved = VALUES(is_approved),
    is_captured = VALUES(is_captured),
    meaning = VALUES(meaning);
