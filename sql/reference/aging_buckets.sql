-- Aging buckets of the payment backlog and of overdue settlements; yours to change.
INSERT INTO aging_buckets (
    bucket_scheme,
    bucket_number,
    bucket_label,
    from_seconds,
    to_seconds
) VALUES
    ('backlog', 1, '< 1 h', 0, 3600),
    ('backlog', 2, '1-4 h', 3600, 14400),
    ('backlog', 3, '4-24 h', 14400, 86400),
    ('backlog', 4, '1-2 d', 86400, 172800),
    ('backlog', 5, '2-5 d', 172800, 432000),
    ('backlog', 6, '> 5 d', 432000, NULL),
    ('overdue', 1, '0-2 d', 0, 172800),
    ('overdue', 2, '3-5 d', 172800, 432000),
    ('overdue', 3, '6-15 d', 432000, 1296000),
    ('overdue', 4, '16-30 d', 1296000, 2592000),
    ('overdue', 5, '> 30 d', 2592000, NULL)
ON DUPLICATE KEY UPDATE
    bucket_label = VALUES(bucket_label);
