-- Roles of the database; a deployment leaves the limits that you changed.
INSERT INTO database_roles (
    role_name,
    purpose,
    maximum_statement_seconds,
    maximum_connections
) VALUES
    ('admin', 'Deploys, changes settings, imports, and does whatever the others may', NULL, NULL),
    ('job', 'Schedulers: refresh, rules, scores, calendars, checks', NULL, NULL),
    ('ops', 'Payment operations: watch, return payments, block accounts', 120, 10),
    ('analyst', 'AML analysts: rules, cases, and personal data in full', 300, 10),
    ('bi', 'BI tools: published views, personal data masked', 60, 8),
    ('backup', 'payops backup', NULL, NULL),
    ('monitor', 'Exporters of metrics: health of payments, jobs, rollups and backups', 10, 3)
ON DUPLICATE KEY UPDATE
    purpose = VALUES(purpose);
