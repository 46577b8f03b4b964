-- risk_payments_after_failed_login: payments made within an hour (setting failed_login_window)
-- after a failed login of the owner of the account, each payment once, with its latest failed
-- login.
--
-- Grain: one row per payment.
-- Time axis: failed_login_at
-- Note: payments in the archive count too; reads the payments of the day of the login and of the
-- next one, instead of the whole account; failed_login_window may be up to 86,400 seconds.
-- Columns:
--   transaction_id    payment
--   account_id        account
--   customer_id       owner whose login failed
--   transaction_time  time of the payment (UTC)
--   failed_login_at   latest failed login before it (UTC)
--   elapsed_seconds   time from the failed login to the payment, seconds
--   status            state of the payment
--   base_amount       amount, base currency
--   transaction_type  type
-- NULL: base_amount is NULL while no rate is known.
CREATE OR REPLACE VIEW risk_payments_after_failed_login AS
SELECT
    t.transaction_id,
    t.account_id,
    l.customer_id,
    t.transaction_time,
    l.login_time AS failed_login_at,
    CAST(TIMESTAMPDIFF(SECOND, l.login_time, t.transaction_time) AS SIGNED) AS elapsed_seconds,
    t.status,
    t.base_amount,
    t.transaction_type
FROM int_failed_login AS l
STRAIGHT_JOIN accounts AS a ON a.customer_id = l.customer_id
STRAIGHT_JOIN int_days_back AS i ON i.days <= 1
STRAIGHT_JOIN transactions AS t FORCE INDEX (idx_transactions_account_date)
    ON t.account_id = a.account_id
        AND t.transaction_date = DATE(l.login_time) + INTERVAL i.days DAY
        AND t.transaction_time >= l.login_time
        AND t.transaction_time <= l.last_payment_at
        AND t.transaction_time < l.next_failed_at
UNION ALL
SELECT
    t.transaction_id,
    t.account_id,
    l.customer_id,
    t.transaction_time,
    l.login_time AS failed_login_at,
    CAST(TIMESTAMPDIFF(SECOND, l.login_time, t.transaction_time) AS SIGNED) AS elapsed_seconds,
    t.status,
    t.base_amount,
    t.transaction_type
FROM int_failed_login AS l
STRAIGHT_JOIN accounts AS a ON a.customer_id = l.customer_id
STRAIGHT_JOIN int_days_back AS i ON i.days <= 1
STRAIGHT_JOIN transactions_archive AS t
    FORCE INDEX (idx_transactions_archive_account_date)
    ON t.account_id = a.account_id
        AND t.transaction_date = DATE(l.login_time) + INTERVAL i.days DAY
        AND t.transaction_time >= l.login_time
        AND t.transaction_time <= l.last_payment_at
        AND t.transaction_time < l.next_failed_at
WHERE l.login_time < (
    SELECT MAX(m.month_start) + INTERVAL 1 MONTH
    FROM archive_months AS m
    WHERE m.payment_count > 0
);
