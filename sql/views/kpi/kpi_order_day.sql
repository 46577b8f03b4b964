-- kpi_order_day: authorization and capture of orders: retries collapse to the final attempt.
--
-- Grain: one row per dimension, day and member.
-- Time axis: metric_date
-- Columns:
--   dimension             dimension, all for no split
--   metric_date           day of the final attempt (UTC)
--   member                member of the dimension
--   final_attempt_count   orders: final attempts
--   final_captured_count  orders whose final attempt was approved and captured
--   retried_count         attempts that a later attempt of the same order replaced
--   order_success_rate    final_captured_count / final_attempt_count
-- NULL: the rate is NULL on days without orders.
CREATE OR REPLACE VIEW kpi_order_day AS
SELECT
    m.dimension,
    m.metric_date,
    m.member,
    CAST(m.final_attempt_count AS SIGNED) AS final_attempt_count,
    CAST(m.final_captured_count AS SIGNED) AS final_captured_count,
    CAST(m.total_count - m.final_attempt_count AS SIGNED) AS retried_count,
    CAST(
        1.000000 * m.final_captured_count
        / NULLIF(m.final_attempt_count, 0)
    AS DECIMAL(9, 6)) AS order_success_rate
FROM metric_day AS m;
