-- ops_health_days: the course of the headline figures over the last 14 days.
--
-- Grain: one row per UTC day with payments.
-- Time axis: metric_date
-- Columns:
--   metric_date             day (UTC)
--   total_count             payments
--   total_amount            amount of all payments, base currency
--   success_rate            completed_count / total_count
--   authorization_rate      approved_count / attempt_count
--   order_success_rate      final_captured_count / final_attempt_count
--   technical_decline_rate  failed_count / attempt_count
--   business_decline_rate   denied_count / attempt_count
--   reversal_rate           reversed_count / approved_count, in the cohort of the original payment
--   mean_duration_ms        mean time from request to answer, ms
--   open_amount             amount in non-terminal states, base currency
-- NULL: a ratio or mean of nothing.
CREATE OR REPLACE VIEW ops_health_days AS
SELECT
    p.metric_date,
    p.total_count,
    p.total_amount,
    p.success_rate,
    p.authorization_rate,
    o.order_success_rate,
    p.technical_decline_rate,
    p.business_decline_rate,
    p.reversal_rate,
    p.mean_duration_ms,
    p.open_amount
FROM kpi_payment_day AS p
INNER JOIN kpi_order_day AS o
    ON o.dimension = p.dimension AND o.metric_date = p.metric_date AND o.member = p.member
WHERE p.dimension = 'all'
    AND o.dimension = 'all'
    AND p.metric_date > DATE(as_of()) - INTERVAL 14 DAY
    AND p.metric_date <= DATE(as_of());
