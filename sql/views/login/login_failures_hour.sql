-- login_failures_hour: login attempts and failures by hour.
--
-- Grain: one row per hour with attempts.
-- Time axis: login_hour
-- Columns:
--   login_hour          hour of the attempts (UTC)
--   login_count         attempts
--   failed_count        of these, failed
--   login_failure_rate  failed_count / login_count
-- NULL: login_failure_rate is NULL where login_count is 0.
CREATE OR REPLACE VIEW login_failures_hour AS
SELECT
    l.login_hour,
    CAST(l.login_count AS SIGNED) AS login_count,
    CAST(l.failed_count AS SIGNED) AS failed_count,
    CAST(
        1.000000 * l.failed_count
        / NULLIF(l.login_count, 0)
    AS DECIMAL(9, 6)) AS login_failure_rate
FROM login_hour AS l;
