-- int_today_sum: sums of the payments of a day up to the present minute of the day: today, and
-- the same weekday last week.
--
-- Grain: one row per day, with or without payments.
-- Note: whole hours from the hours, the present one from its minutes. The bounds are constants, so
-- that ranges of the key are read and the cost does not grow with the history.
-- Columns:
--   days_back             0 today, 7 last week
--   total_count           payments
--   total_amount          amount of all payments, base currency
--   completed_count       payments in state completed
--   failed_count          payments in state failed
--   denied_count          payments in state denied
--   reversed_count        payments in state reversed
--   approved_count        payments that the issuer approved, whatever happened after
--   approved_amount       their amount, base currency
--   attempt_count         payments that the network answered
--   attempt_amount        their amount, base currency
--   captured_count        payments whose money was taken, whatever happened after
--   confirmed_count       payments that the user confirmed
--   final_attempt_count   orders: final attempts
--   final_captured_count  orders whose final attempt was approved and captured
--   answered_count        payments with an answer, hence a duration
--   duration_sum_ms       sum of durations of the answered payments, ms
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_today_sum AS
SELECT
    p.days_back,
    COALESCE(SUM(a.total_count), 0) AS total_count,
    COALESCE(SUM(a.total_amount), 0) AS total_amount,
    COALESCE(SUM(a.completed_count), 0) AS completed_count,
    COALESCE(SUM(a.failed_count), 0) AS failed_count,
    COALESCE(SUM(a.denied_count), 0) AS denied_count,
    COALESCE(SUM(a.reversed_count), 0) AS reversed_count,
    COALESCE(SUM(a.approved_count), 0) AS approved_count,
    COALESCE(SUM(a.approved_amount), 0) AS approved_amount,
    COALESCE(SUM(a.attempt_count), 0) AS attempt_count,
    COALESCE(SUM(a.attempt_amount), 0) AS attempt_amount,
    COALESCE(SUM(a.captured_count), 0) AS captured_count,
    COALESCE(SUM(a.confirmed_count), 0) AS confirmed_count,
    COALESCE(SUM(a.final_attempt_count), 0) AS final_attempt_count,
    COALESCE(SUM(a.final_captured_count), 0) AS final_captured_count,
    COALESCE(SUM(a.answered_count), 0) AS answered_count,
    COALESCE(SUM(a.duration_sum_ms), 0) AS duration_sum_ms
FROM (
    SELECT 0 AS days_back
    UNION ALL
    SELECT 7
) AS p
LEFT JOIN (
    SELECT
        IF(h.metric_hour < DATE(as_of()), 7, 0) AS days_back,
        h.total_count,
        h.total_amount,
        h.completed_count,
        h.failed_count,
        h.denied_count,
        h.reversed_count,
        h.approved_count,
        h.approved_amount,
        h.attempt_count,
        h.attempt_amount,
        h.captured_count,
        h.confirmed_count,
        h.final_attempt_count,
        h.final_captured_count,
        h.answered_count,
        h.duration_sum_ms
    FROM int_payment_hour AS h
    WHERE h.dimension = 'all'
        AND (
            h.metric_hour >= DATE(as_of())
                AND h.metric_hour < as_of() - INTERVAL TIME_TO_SEC(TIME(as_of())) MOD 3600 SECOND
            OR h.metric_hour >= DATE(as_of()) - INTERVAL 7 DAY
                AND h.metric_hour
                    < as_of() - INTERVAL 604800 + TIME_TO_SEC(TIME(as_of())) MOD 3600 SECOND
        )
    UNION ALL
    SELECT
        IF(m.metric_minute < DATE(as_of()), 7, 0) AS days_back,
        m.total_count,
        m.total_amount,
        m.completed_count,
        m.failed_count,
        m.denied_count,
        m.reversed_count,
        m.approved_count,
        m.approved_amount,
        m.attempt_count,
        m.attempt_amount,
        m.captured_count,
        m.confirmed_count,
        m.final_attempt_count,
        m.final_captured_count,
        m.answered_count,
        m.duration_sum_ms
    FROM int_payment_minute AS m
    WHERE m.dimension = 'all'
        AND (
            m.metric_minute >= as_of() - INTERVAL TIME_TO_SEC(TIME(as_of())) MOD 3600 SECOND
                AND m.metric_minute <= as_of()
            OR m.metric_minute
                >= as_of() - INTERVAL 604800 + TIME_TO_SEC(TIME(as_of())) MOD 3600 SECOND
                AND m.metric_minute <= as_of() - INTERVAL 7 DAY
        )
) AS a ON a.days_back = p.days_back
GROUP BY p.days_back;
