-- Settlement rails. A deployment adds missing rails and leaves the cut-offs that you changed.
INSERT INTO rails (
    rail,
    rail_name,
    calendar_name,
    time_zone,
    cut_off_time,
    settlement_lag_days,
    due_time,
    instant_seconds
) VALUES
    ('CARD', 'Card scheme clearing', 'TARGET', 'Europe/Berlin', '22:00:00', 2, '12:00:00', NULL),
    ('SEPA_CT', 'SEPA credit transfer', 'TARGET', 'Europe/Berlin', '15:30:00', 1, '18:00:00', NULL),
    ('SEPA_INST', 'SEPA instant credit transfer', 'ALWAYS', 'UTC', '23:59:59', 0, '23:59:59', 10),
    ('SEPA_DD', 'SEPA direct debit', 'TARGET', 'Europe/Berlin', '12:00:00', 2, '18:00:00', NULL),
    ('UPI', 'UPI net settlement', 'ALWAYS', 'Asia/Kolkata', '21:00:00', 1, '12:00:00', NULL),
    ('WIRE', 'RTGS wire', 'TARGET', 'Europe/Berlin', '17:00:00', 0, '18:00:00', NULL),
    ('ACH', 'US ACH', 'US_FED', 'America/New_York', '16:45:00', 1, '08:30:00', NULL)
ON DUPLICATE KEY UPDATE
    rail_name = VALUES(rail_name);
