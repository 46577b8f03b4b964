-- settlement_sla_compliance: share settled within 24 hours of acceptance, beside it with what is
-- pending kept apart.
--
-- Grain: one row per rail, and one for all.
-- Note: on_time_count includes only settlements that are due by now.
-- Columns:
--   rail              rail, or all
--   settled_count     settlements that are settled
--   within_24h_count  settled within 24 hours of acceptance
--   sla_compliance    within_24h_count / settled_count
--   failed_count      settlements that failed
--   pending_count     settlements that are pending, in neither part of sla_compliance
--   due_count         settlements due by now
--   on_time_count     settled no later than due
--   due_compliance    on_time_count / due_count
-- NULL: a ratio is NULL where its denominator is 0.
CREATE OR REPLACE VIEW settlement_sla_compliance AS
SELECT
    CAST(COALESCE(s.rail, 'all') AS CHAR(16) CHARACTER SET ascii) AS rail,
    CAST(SUM(s.settled_count) AS SIGNED) AS settled_count,
    CAST(SUM(s.within_24h_count) AS SIGNED) AS within_24h_count,
    CAST(
        1.000000 * SUM(s.within_24h_count)
        / NULLIF(SUM(s.settled_count), 0)
    AS DECIMAL(9, 6)) AS sla_compliance,
    CAST(SUM(s.failed_count) AS SIGNED) AS failed_count,
    CAST(SUM(s.pending_count) AS SIGNED) AS pending_count,
    CAST(SUM(s.due_count) AS SIGNED) AS due_count,
    CAST(SUM(s.on_time_count) AS SIGNED) AS on_time_count,
    CAST(
        1.000000 * SUM(s.on_time_count)
        / NULLIF(SUM(s.due_count), 0)
    AS DECIMAL(9, 6)) AS due_compliance
FROM (
    SELECT
        d.rail,
        SUM(d.settled_count) AS settled_count,
        SUM(d.within_24h_count) AS within_24h_count,
        SUM(d.failed_count) AS failed_count,
        SUM(d.pending_count) AS pending_count,
        0 AS due_count,
        0 AS on_time_count
    FROM settlement_day AS d
    GROUP BY d.rail
    UNION ALL
    SELECT
        i.rail,
        0,
        0,
        0,
        0,
        SUM(i.item_count),
        SUM(i.on_time_count)
    FROM int_settlement_due AS i
    GROUP BY i.rail
) AS s
GROUP BY s.rail WITH ROLLUP
-- On MySQL the total of no row is a row.
HAVING COUNT(*) > 0;
