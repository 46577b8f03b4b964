-- Statuses of source systems onto states; the source's own word stays in source_status.
INSERT INTO status_mappings (
    mapping_name,
    source_status,
    state
) VALUES
    ('payops', 'created', 'created'),
    ('payops', 'pending', 'pending'),
    ('payops', 'authorized', 'authorized'),
    ('payops', 'completed', 'completed'),
    ('payops', 'failed', 'failed'),
    ('payops', 'denied', 'denied'),
    ('payops', 'cancelled', 'cancelled'),
    ('payops', 'reversed', 'reversed'),
    ('payops', 'refunded', 'refunded'),
    ('payops', 'charged_back', 'charged_back'),
    ('minute-status-counts', 'approved', 'completed'),
    ('minute-status-counts', 'denied', 'denied'),
    ('minute-status-counts', 'failed', 'failed'),
    ('minute-status-counts', 'reversed', 'reversed'),
    ('minute-status-counts', 'backend_reversed', 'reversed'),
    ('minute-status-counts', 'refunded', 'refunded'),
    ('minute-status-counts', 'processing', 'pending')
ON DUPLICATE KEY UPDATE
    state = VALUES(state);
