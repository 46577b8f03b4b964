-- int_failed_login: failed logins, each with the time in which payments count as made after it.
--
-- Grain: one row per failed login.
-- Note: no payment counts as made after two logins: at the next failed one its time ends.
-- Columns:
--   customer_id      customer
--   login_time       time of the login (UTC)
--   last_payment_at  end of the setting failed_login_window (UTC), inclusive
--   next_failed_at   next failed login of the customer (UTC), the end of all times without one
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_failed_login AS
SELECT
    l.customer_id,
    l.login_time,
    l.login_time + INTERVAL (
        SELECT CAST(g.setting_value AS SIGNED)
        FROM settings AS g
        WHERE g.setting_name = 'failed_login_window'
    ) SECOND AS last_payment_at,
    COALESCE((
        SELECT n.login_time
        FROM login_activity AS n FORCE INDEX (idx_login_activity_customer_status_time)
        WHERE n.customer_id = l.customer_id
            AND n.login_status = 'failed'
            AND n.login_time >= l.login_time
            AND (n.login_time > l.login_time OR n.login_id > l.login_id)
        ORDER BY n.login_time
        LIMIT 1
    ), '9999-12-31') AS next_failed_at
FROM login_activity AS l FORCE INDEX (idx_login_activity_status_time)
WHERE l.login_status = 'failed'
    AND l.login_time <= as_of();
