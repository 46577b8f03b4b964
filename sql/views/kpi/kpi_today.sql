-- kpi_today: headline KPIs of today so far, beside the same weekday last week up to the same time
-- of the day.
--
-- Grain: one row per KPI.
-- Note: settlement_sla_compliance counts the whole hours of the day only.
-- Columns:
--   kpi_number      position on a page
--   kpi_name        KPI, as in kpi_catalog
--   unit            ratio, count, amount (base currency) or ms
--   numerator       numerator, or the value itself
--   denominator     denominator
--   kpi_value       value
--   previous_value  value of the same weekday last week up to the same time of the day
--   change_pct      (kpi_value / previous_value - 1) * 100, percent
--   change_points   (kpi_value - previous_value) * 100, percentage points
-- NULL: denominator: the KPI is no ratio. kpi_value: its denominator is 0. previous_value and
-- change_pct: nothing to compare with, backlog and exposure are stocks that have no past.
-- change_points: as change_pct, or the KPI is no ratio.
CREATE OR REPLACE VIEW kpi_today AS
SELECT
    CAST(t.kpi_number AS SIGNED) AS kpi_number,
    CAST(t.kpi_name AS CHAR(64) CHARACTER SET ascii) AS kpi_name,
    CAST(t.unit AS CHAR(24) CHARACTER SET ascii) AS unit,
    CAST(t.numerator AS DECIMAL(25, 4)) AS numerator,
    CAST(t.denominator AS DECIMAL(25, 4)) AS denominator,
    CAST(
        IF(t.is_ratio = 1, 1.000000 * t.numerator / NULLIF(t.denominator, 0), t.numerator)
    AS DECIMAL(25, 6)) AS kpi_value,
    CAST(
        IF(
            t.is_ratio = 1,
            1.000000 * t.previous_numerator / NULLIF(t.previous_denominator, 0),
            t.previous_numerator
        )
    AS DECIMAL(25, 6)) AS previous_value,
    CAST(
        100 * (
            IF(t.is_ratio = 1, 1.000000 * t.numerator / NULLIF(t.denominator, 0), t.numerator)
            / NULLIF(
                IF(
                    t.is_ratio = 1,
                    1.000000 * t.previous_numerator / NULLIF(t.previous_denominator, 0),
                    t.previous_numerator
                ),
                0
            )
            - 1
        )
    AS DECIMAL(12, 2)) AS change_pct,
    CAST(
        IF(
            t.unit COLLATE utf8mb4_general_ci = 'ratio',
            100.000000 * t.numerator / NULLIF(t.denominator, 0)
            - 100.000000 * t.previous_numerator / NULLIF(t.previous_denominator, 0),
            NULL
        )
    AS DECIMAL(12, 2)) AS change_points
FROM int_today_payment AS t
UNION ALL
SELECT
    15,
    'settlement_sla_compliance',
    'ratio',
    CAST(n.on_time_count AS DECIMAL(25, 4)),
    CAST(n.due_count AS DECIMAL(25, 4)),
    CAST(1.000000 * n.on_time_count / NULLIF(n.due_count, 0) AS DECIMAL(25, 6)),
    CAST(1.000000 * p.on_time_count / NULLIF(p.due_count, 0) AS DECIMAL(25, 6)),
    CAST(
        100 * (
            1.000000 * n.on_time_count / NULLIF(n.due_count, 0)
            / NULLIF(1.000000 * p.on_time_count / NULLIF(p.due_count, 0), 0)
            - 1
        )
    AS DECIMAL(12, 2)),
    CAST(
        100.000000 * n.on_time_count / NULLIF(n.due_count, 0)
        - 100.000000 * p.on_time_count / NULLIF(p.due_count, 0)
    AS DECIMAL(12, 2))
FROM (
    SELECT
        COALESCE(SUM(h.item_count), 0) AS due_count,
        COALESCE(SUM(h.on_time_count), 0) AS on_time_count
    FROM rails AS r
    INNER JOIN settlement_hour AS h ON h.rail = r.rail
    WHERE h.due_hour >= DATE(as_of())
        AND h.due_hour < as_of() - INTERVAL TIME_TO_SEC(TIME(as_of())) MOD 3600 SECOND
) AS n
CROSS JOIN (
    SELECT
        COALESCE(SUM(h.item_count), 0) AS due_count,
        COALESCE(SUM(h.on_time_count), 0) AS on_time_count
    FROM rails AS r
    INNER JOIN settlement_hour AS h ON h.rail = r.rail
    WHERE h.due_hour >= DATE(as_of()) - INTERVAL 7 DAY
        AND h.due_hour < as_of() - INTERVAL TIME_TO_SEC(TIME(as_of())) MOD 3600 + 604800 SECOND
) AS p
UNION ALL
SELECT
    16,
    'backlog_count',
    'count',
    CAST(e.open_count AS DECIMAL(25, 4)),
    NULL,
    CAST(e.open_count AS DECIMAL(25, 6)),
    NULL,
    NULL,
    NULL
FROM exposure_total AS e
UNION ALL
SELECT
    17,
    'pending_amount_exposure',
    'amount',
    e.pending_amount,
    NULL,
    CAST(e.pending_amount AS DECIMAL(25, 6)),
    NULL,
    NULL,
    NULL
FROM exposure_total AS e
UNION ALL
SELECT
    18,
    'exposure_amount',
    'amount',
    e.exposure_amount,
    NULL,
    CAST(e.exposure_amount AS DECIMAL(25, 6)),
    NULL,
    NULL,
    NULL
FROM exposure_total AS e;
