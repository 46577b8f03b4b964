-- Changes of state that a payment may make. Posting procedures refuse every other one.
INSERT INTO payment_transitions (
    from_state,
    to_state
) VALUES
    ('', 'created'),
    ('', 'authorized'),
    ('', 'completed'),
    ('', 'denied'),
    ('created', 'pending'),
    ('created', 'cancelled'),
    ('created', 'failed'),
    ('created', 'denied'),
    ('pending', 'authorized'),
    ('pending', 'completed'),
    ('pending', 'failed'),
    ('pending', 'denied'),
    ('pending', 'cancelled'),
    ('authorized', 'completed'),
    ('authorized', 'failed'),
    ('authorized', 'denied'),
    ('authorized', 'cancelled'),
    ('completed', 'reversed'),
    ('completed', 'refunded'),
    ('completed', 'charged_back')
ON DUPLICATE KEY UPDATE
    to_state = VALUES(to_state);
