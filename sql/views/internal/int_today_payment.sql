-- int_today_payment: headline payment KPIs of today and of the same weekday last week up to the
-- same minute, as numerators and denominators.
--
-- Grain: one row per KPI.
-- Columns:
--   kpi_number            position
--   kpi_name              KPI
--   unit                  unit of the value
--   is_ratio              1 when the value is numerator / denominator
--   numerator             today
--   denominator           today
--   previous_numerator    same weekday last week
--   previous_denominator  same weekday last week
-- NULL: a denominator is NULL when the KPI is no ratio.
CREATE OR REPLACE VIEW int_today_payment AS
SELECT
    l.kpi_number,
    l.kpi_name,
    l.unit,
    l.is_ratio,
    CASE l.kpi_number
        WHEN 1 THEN n.total_count
        WHEN 2 THEN n.total_amount
        WHEN 3 THEN n.completed_count
        WHEN 4 THEN n.failed_count
        WHEN 5 THEN n.denied_count
        WHEN 6 THEN n.reversed_count
        WHEN 7 THEN n.approved_count
        WHEN 8 THEN n.approved_amount
        WHEN 9 THEN n.captured_count
        WHEN 10 THEN n.failed_count
        WHEN 11 THEN n.denied_count
        WHEN 12 THEN n.reversed_count
        WHEN 13 THEN n.final_captured_count
        WHEN 14 THEN n.duration_sum_ms
    END AS numerator,
    CASE l.kpi_number
        WHEN 3 THEN n.total_count
        WHEN 4 THEN n.total_count
        WHEN 5 THEN n.total_count
        WHEN 6 THEN n.total_count
        WHEN 7 THEN n.attempt_count
        WHEN 8 THEN n.attempt_amount
        WHEN 9 THEN n.confirmed_count
        WHEN 10 THEN n.attempt_count
        WHEN 11 THEN n.attempt_count
        WHEN 12 THEN n.approved_count
        WHEN 13 THEN n.final_attempt_count
        WHEN 14 THEN n.answered_count
    END AS denominator,
    CASE l.kpi_number
        WHEN 1 THEN p.total_count
        WHEN 2 THEN p.total_amount
        WHEN 3 THEN p.completed_count
        WHEN 4 THEN p.failed_count
        WHEN 5 THEN p.denied_count
        WHEN 6 THEN p.reversed_count
        WHEN 7 THEN p.approved_count
        WHEN 8 THEN p.approved_amount
        WHEN 9 THEN p.captured_count
        WHEN 10 THEN p.failed_count
        WHEN 11 THEN p.denied_count
        WHEN 12 THEN p.reversed_count
        WHEN 13 THEN p.final_captured_count
        WHEN 14 THEN p.duration_sum_ms
    END AS previous_numerator,
    CASE l.kpi_number
        WHEN 3 THEN p.total_count
        WHEN 4 THEN p.total_count
        WHEN 5 THEN p.total_count
        WHEN 6 THEN p.total_count
        WHEN 7 THEN p.attempt_count
        WHEN 8 THEN p.attempt_amount
        WHEN 9 THEN p.confirmed_count
        WHEN 10 THEN p.attempt_count
        WHEN 11 THEN p.attempt_count
        WHEN 12 THEN p.approved_count
        WHEN 13 THEN p.final_attempt_count
        WHEN 14 THEN p.answered_count
    END AS previous_denominator
FROM (
    SELECT 1 AS kpi_number, 'total_count' AS kpi_name, 'count' AS unit, 0 AS is_ratio
    UNION ALL
    SELECT 2, 'total_amount', 'amount', 0
    UNION ALL
    SELECT 3, 'success_rate', 'ratio', 1
    UNION ALL
    SELECT 4, 'failed_rate', 'ratio', 1
    UNION ALL
    SELECT 5, 'denied_rate', 'ratio', 1
    UNION ALL
    SELECT 6, 'reversed_rate', 'ratio', 1
    UNION ALL
    SELECT 7, 'authorization_rate', 'ratio', 1
    UNION ALL
    SELECT 8, 'authorization_rate_by_value', 'ratio', 1
    UNION ALL
    SELECT 9, 'conversion_rate', 'ratio', 1
    UNION ALL
    SELECT 10, 'technical_decline_rate', 'ratio', 1
    UNION ALL
    SELECT 11, 'business_decline_rate', 'ratio', 1
    UNION ALL
    SELECT 12, 'reversal_rate', 'ratio', 1
    UNION ALL
    SELECT 13, 'order_success_rate', 'ratio', 1
    UNION ALL
    SELECT 14, 'mean_duration_ms', 'ms', 1
) AS l
CROSS JOIN (
    SELECT
        COALESCE(SUM(a.total_count), 0) AS total_count,
        COALESCE(SUM(a.total_amount), 0) AS total_amount,
        COALESCE(SUM(a.completed_count), 0) AS completed_count,
        COALESCE(SUM(a.failed_count), 0) AS failed_count,
        COALESCE(SUM(a.denied_count), 0) AS denied_count,
        COALESCE(SUM(a.reversed_count), 0) AS reversed_count,
        COALESCE(SUM(a.approved_count), 0) AS approved_count,
        COALESCE(SUM(a.attempt_count), 0) AS attempt_count,
        COALESCE(SUM(a.approved_amount), 0) AS approved_amount,
        COALESCE(SUM(a.attempt_amount), 0) AS attempt_amount,
        COALESCE(SUM(a.captured_count), 0) AS captured_count,
        COALESCE(SUM(a.confirmed_count), 0) AS confirmed_count,
        COALESCE(SUM(a.final_captured_count), 0) AS final_captured_count,
        COALESCE(SUM(a.final_attempt_count), 0) AS final_attempt_count,
        COALESCE(SUM(a.duration_sum_ms), 0) AS duration_sum_ms,
        COALESCE(SUM(a.answered_count), 0) AS answered_count
    FROM (
        SELECT
            h.total_count,
            h.total_amount,
            h.completed_count,
            h.failed_count,
            h.denied_count,
            h.reversed_count,
            h.approved_count,
            h.attempt_count,
            h.approved_amount,
            h.attempt_amount,
            h.captured_count,
            h.confirmed_count,
            h.final_captured_count,
            h.final_attempt_count,
            h.duration_sum_ms,
            h.answered_count
        FROM int_payment_hour AS h
        WHERE h.dimension = 'all'
            AND h.metric_hour >= DATE(as_of())
            AND h.metric_hour < as_of() - INTERVAL TIME_TO_SEC(TIME(as_of())) MOD 3600 SECOND
        UNION ALL
        SELECT
            m.total_count,
            m.total_amount,
            m.completed_count,
            m.failed_count,
            m.denied_count,
            m.reversed_count,
            m.approved_count,
            m.attempt_count,
            m.approved_amount,
            m.attempt_amount,
            m.captured_count,
            m.confirmed_count,
            m.final_captured_count,
            m.final_attempt_count,
            m.duration_sum_ms,
            m.answered_count
        FROM int_payment_minute AS m
        WHERE m.dimension = 'all'
            AND m.metric_minute >= as_of() - INTERVAL TIME_TO_SEC(TIME(as_of())) MOD 3600 SECOND
            AND m.metric_minute <= as_of()
    ) AS a
) AS n
CROSS JOIN (
    SELECT
        COALESCE(SUM(b.total_count), 0) AS total_count,
        COALESCE(SUM(b.total_amount), 0) AS total_amount,
        COALESCE(SUM(b.completed_count), 0) AS completed_count,
        COALESCE(SUM(b.failed_count), 0) AS failed_count,
        COALESCE(SUM(b.denied_count), 0) AS denied_count,
        COALESCE(SUM(b.reversed_count), 0) AS reversed_count,
        COALESCE(SUM(b.approved_count), 0) AS approved_count,
        COALESCE(SUM(b.attempt_count), 0) AS attempt_count,
        COALESCE(SUM(b.approved_amount), 0) AS approved_amount,
        COALESCE(SUM(b.attempt_amount), 0) AS attempt_amount,
        COALESCE(SUM(b.captured_count), 0) AS captured_count,
        COALESCE(SUM(b.confirmed_count), 0) AS confirmed_count,
        COALESCE(SUM(b.final_captured_count), 0) AS final_captured_count,
        COALESCE(SUM(b.final_attempt_count), 0) AS final_attempt_count,
        COALESCE(SUM(b.duration_sum_ms), 0) AS duration_sum_ms,
        COALESCE(SUM(b.answered_count), 0) AS answered_count
    FROM (
        SELECT
            h.total_count,
            h.total_amount,
            h.completed_count,
            h.failed_count,
            h.denied_count,
            h.reversed_count,
            h.approved_count,
            h.attempt_count,
            h.approved_amount,
            h.attempt_amount,
            h.captured_count,
            h.confirmed_count,
            h.final_captured_count,
            h.final_attempt_count,
            h.duration_sum_ms,
            h.answered_count
        FROM int_payment_hour AS h
        WHERE h.dimension = 'all'
            AND h.metric_hour >= DATE(as_of()) - INTERVAL 7 DAY
            AND h.metric_hour
                < as_of() - INTERVAL 604800 + TIME_TO_SEC(TIME(as_of())) MOD 3600 SECOND
        UNION ALL
        SELECT
            m.total_count,
            m.total_amount,
            m.completed_count,
            m.failed_count,
            m.denied_count,
            m.reversed_count,
            m.approved_count,
            m.attempt_count,
            m.approved_amount,
            m.attempt_amount,
            m.captured_count,
            m.confirmed_count,
            m.final_captured_count,
            m.final_attempt_count,
            m.duration_sum_ms,
            m.answered_count
        FROM int_payment_minute AS m
        WHERE m.dimension = 'all'
            AND m.metric_minute
                >= as_of() - INTERVAL 604800 + TIME_TO_SEC(TIME(as_of())) MOD 3600 SECOND
            AND m.metric_minute <= as_of() - INTERVAL 7 DAY
    ) AS b
) AS p;
