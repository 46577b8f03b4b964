-- Business calendars.
INSERT INTO calendars (
    calendar_name,
    description,
    time_zone,
    saturday_is_business,
    sunday_is_business
) VALUES
    ('TARGET', 'Euro area: closing days of T2 (European Central Bank)', 'Europe/Berlin', 0, 0),
    (
        'US_FED', 'United States: Federal Reserve holidays; a holiday on Sunday moves to Monday',
        'America/New_York', 0, 0),
    ('ALWAYS', 'Every day: rails that settle around the clock', 'UTC', 1, 1)
ON DUPLICATE KEY UPDATE
    description = VALUES(description),
    time_zone = VALUES(time_zone),
    saturday_is_business = VALUES(saturday_is_business),
    sunday_is_business = VALUES(sunday_is_business);
