-- ops_health_rails: settlement in time over the last seven due dates, of the rails with due dates
-- in 14 days.
--
-- Grain: one row per rail.
-- Columns:
--   rail            rail
--   due_count       settlements due by now
--   on_time_count   settled no later than due
--   overdue_count   settlements past due
--   sla_compliance  on_time_count / due_count
--   late_count      settled later than due
--   failed_count    of these, failed
--   target_ratio    share that the SLA policy of the rail promises
-- NULL: sla_compliance when nothing is due, target_ratio without a policy of the rail.
CREATE OR REPLACE VIEW ops_health_rails AS
SELECT
    d.rail,
    CAST(SUM(IF(d.is_counted, d.due_count, 0)) AS SIGNED) AS due_count,
    CAST(SUM(IF(d.is_counted, d.on_time_count, 0)) AS SIGNED) AS on_time_count,
    CAST(SUM(IF(d.is_counted, d.overdue_count, 0)) AS SIGNED) AS overdue_count,
    CAST(
        1.000000 * SUM(IF(d.is_counted, d.on_time_count, 0))
        / NULLIF(SUM(IF(d.is_counted, d.due_count, 0)), 0)
    AS DECIMAL(9, 6)) AS sla_compliance,
    CAST(SUM(IF(d.is_counted, d.late_count, 0)) AS SIGNED) AS late_count,
    CAST(SUM(IF(d.is_counted, d.failed_count, 0)) AS SIGNED) AS failed_count,
    CAST(MAX(d.target_pct) / 100 AS DECIMAL(9, 6)) AS target_ratio
FROM (
    SELECT
        s.rail,
        s.due_count,
        s.on_time_count,
        s.overdue_count,
        s.late_count,
        s.failed_count,
        p.target_pct,
        s.due_date > DATE(as_of()) - INTERVAL 7 DAY AS is_counted
    FROM ops_health_rail_days AS s
    LEFT JOIN sla_policies AS p
        ON p.subject = 'settlement' AND p.scope_dimension = 'rail' AND p.scope_member = s.rail
) AS d
GROUP BY d.rail;
