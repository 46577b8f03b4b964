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
    v.kpi_number,
    v.kpi_name,
    v.unit,
    v.is_ratio,
    SUM(IF(v.days_back = 0, v.numerator, 0)) AS numerator,
    IF(v.is_ratio = 1, SUM(IF(v.days_back = 0, v.denominator, 0)), NULL) AS denominator,
    SUM(IF(v.days_back = 7, v.numerator, 0)) AS previous_numerator,
    IF(v.is_ratio = 1, SUM(IF(v.days_back = 7, v.denominator, 0)), NULL) AS previous_denominator
FROM (
    SELECT
        l.kpi_number,
        l.kpi_name,
        l.unit,
        l.is_ratio,
        s.days_back,
        CASE l.kpi_name
            WHEN 'total_count' THEN s.total_count
            WHEN 'total_amount' THEN s.total_amount
            WHEN 'success_rate' THEN s.completed_count
            WHEN 'failed_rate' THEN s.failed_count
            WHEN 'denied_rate' THEN s.denied_count
            WHEN 'reversed_rate' THEN s.reversed_count
            WHEN 'authorization_rate' THEN s.approved_count
            WHEN 'authorization_rate_by_value' THEN s.approved_amount
            WHEN 'conversion_rate' THEN s.captured_count
            WHEN 'technical_decline_rate' THEN s.failed_count
            WHEN 'business_decline_rate' THEN s.denied_count
            WHEN 'reversal_rate' THEN s.reversed_count
            WHEN 'order_success_rate' THEN s.final_captured_count
            WHEN 'mean_duration_ms' THEN s.duration_sum_ms
        END AS numerator,
        CASE l.kpi_name
            WHEN 'success_rate' THEN s.total_count
            WHEN 'failed_rate' THEN s.total_count
            WHEN 'denied_rate' THEN s.total_count
            WHEN 'reversed_rate' THEN s.total_count
            WHEN 'authorization_rate' THEN s.attempt_count
            WHEN 'authorization_rate_by_value' THEN s.attempt_amount
            WHEN 'conversion_rate' THEN s.confirmed_count
            WHEN 'technical_decline_rate' THEN s.attempt_count
            WHEN 'business_decline_rate' THEN s.attempt_count
            WHEN 'reversal_rate' THEN s.approved_count
            WHEN 'order_success_rate' THEN s.final_attempt_count
            WHEN 'mean_duration_ms' THEN s.answered_count
        END AS denominator
    FROM (
        SELECT 1 AS kpi_number, 'total_count' AS kpi_name, 'count' AS unit, 0 AS is_ratio
        UNION ALL SELECT 2, 'total_amount', 'amount', 0
        UNION ALL SELECT 3, 'success_rate', 'ratio', 1
        UNION ALL SELECT 4, 'failed_rate', 'ratio', 1
        UNION ALL SELECT 5, 'denied_rate', 'ratio', 1
        UNION ALL SELECT 6, 'reversed_rate', 'ratio', 1
        UNION ALL SELECT 7, 'authorization_rate', 'ratio', 1
        UNION ALL SELECT 8, 'authorization_rate_by_value', 'ratio', 1
        UNION ALL SELECT 9, 'conversion_rate', 'ratio', 1
        UNION ALL SELECT 10, 'technical_decline_rate', 'ratio', 1
        UNION ALL SELECT 11, 'business_decline_rate', 'ratio', 1
        UNION ALL SELECT 12, 'reversal_rate', 'ratio', 1
        UNION ALL SELECT 13, 'order_success_rate', 'ratio', 1
        UNION ALL SELECT 14, 'mean_duration_ms', 'ms', 1
    ) AS l
    CROSS JOIN int_today_sum AS s
) AS v
GROUP BY v.kpi_number, v.kpi_name, v.unit, v.is_ratio;
