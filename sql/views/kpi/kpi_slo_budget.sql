-- kpi_slo_budget: the error budget of each rail: how many settlements may still miss their due
-- time, and how fast the budget burns.
--
-- Grain: one row per rail.
-- Note: the budget is that of the 720 whole hours before this one, by the hour in which settlements
-- are due: (1 - target_ratio) of them may miss. A burn rate of 1 uses it up in 30 days; 14.4 over
-- an hour in two. A rail without a settlement policy has that of all.
-- Columns:
--   rail               rail
--   target_ratio       share that the SLA policy promises
--   due_count          settlements due in the 30 days
--   miss_count         of these not settled in time
--   budget_count       settlements that may miss: due_count * (1 - target_ratio)
--   budget_left_count  budget_count - miss_count, negative when it is used up
--   budget_left_ratio  budget_left_count / budget_count
--   due_1h_count       settlements due in the last whole hour
--   miss_1h_count      of these not settled in time
--   burn_1h            share of misses in the last whole hour over that which is allowed
--   due_6h_count       settlements due in the last 6 whole hours
--   miss_6h_count      of these not settled in time
--   burn_6h            share of misses in the last 6 whole hours over that which is allowed
--   due_3d_count       settlements due in the last 72 whole hours
--   miss_3d_count      of these not settled in time
--   burn_3d            share of misses in the last 72 whole hours over that which is allowed
-- NULL: target_ratio and what follows from it without a policy; a burn rate where nothing was due,
-- or the policy allows no miss.
CREATE OR REPLACE VIEW kpi_slo_budget AS
SELECT
    b.rail,
    CAST(b.target_pct / 100 AS DECIMAL(9, 6)) AS target_ratio,
    CAST(b.due_count AS SIGNED) AS due_count,
    CAST(b.miss_count AS SIGNED) AS miss_count,
    CAST(b.due_count * (1 - b.target_pct / 100) AS DECIMAL(21, 4)) AS budget_count,
    CAST(
        b.due_count * (1 - b.target_pct / 100) - b.miss_count
    AS DECIMAL(21, 4)) AS budget_left_count,
    CAST(
        1.000000 * (b.due_count * (1 - b.target_pct / 100) - b.miss_count)
        / NULLIF(b.due_count * (1 - b.target_pct / 100), 0)
    AS DECIMAL(18, 6)) AS budget_left_ratio,
    CAST(b.due_1h_count AS SIGNED) AS due_1h_count,
    CAST(b.miss_1h_count AS SIGNED) AS miss_1h_count,
    CAST(
        1.000000 * b.miss_1h_count
        / NULLIF(b.due_1h_count * (1 - b.target_pct / 100), 0)
    AS DECIMAL(18, 4)) AS burn_1h,
    CAST(b.due_6h_count AS SIGNED) AS due_6h_count,
    CAST(b.miss_6h_count AS SIGNED) AS miss_6h_count,
    CAST(
        1.000000 * b.miss_6h_count
        / NULLIF(b.due_6h_count * (1 - b.target_pct / 100), 0)
    AS DECIMAL(18, 4)) AS burn_6h,
    CAST(b.due_3d_count AS SIGNED) AS due_3d_count,
    CAST(b.miss_3d_count AS SIGNED) AS miss_3d_count,
    CAST(
        1.000000 * b.miss_3d_count
        / NULLIF(b.due_3d_count * (1 - b.target_pct / 100), 0)
    AS DECIMAL(18, 4)) AS burn_3d
FROM (
    SELECT
        r.rail,
        COALESCE(o.target_pct, p.target_pct) AS target_pct,
        COALESCE(SUM(h.item_count), 0) AS due_count,
        COALESCE(SUM(h.item_count - h.on_time_count), 0) AS miss_count,
        COALESCE(SUM(IF(h.due_hour >= n.this_hour - INTERVAL 1 HOUR, h.item_count, 0)), 0)
            AS due_1h_count,
        COALESCE(SUM(IF(
            h.due_hour >= n.this_hour - INTERVAL 1 HOUR, h.item_count - h.on_time_count, 0
        )), 0) AS miss_1h_count,
        COALESCE(SUM(IF(h.due_hour >= n.this_hour - INTERVAL 6 HOUR, h.item_count, 0)), 0)
            AS due_6h_count,
        COALESCE(SUM(IF(
            h.due_hour >= n.this_hour - INTERVAL 6 HOUR, h.item_count - h.on_time_count, 0
        )), 0) AS miss_6h_count,
        COALESCE(SUM(IF(h.due_hour >= n.this_hour - INTERVAL 3 DAY, h.item_count, 0)), 0)
            AS due_3d_count,
        COALESCE(SUM(IF(
            h.due_hour >= n.this_hour - INTERVAL 3 DAY, h.item_count - h.on_time_count, 0
        )), 0) AS miss_3d_count
    FROM rails AS r
    CROSS JOIN (
        SELECT as_of() - INTERVAL TIME_TO_SEC(TIME(as_of())) MOD 3600 SECOND AS this_hour
    ) AS n
    LEFT JOIN sla_policies AS o
        ON o.subject = 'settlement' AND o.scope_dimension = 'rail' AND o.scope_member = r.rail
    LEFT JOIN sla_policies AS p
        ON p.subject = 'settlement' AND p.scope_dimension = 'all' AND p.scope_member = 'all'
    LEFT JOIN settlement_hour AS h
        ON h.rail = r.rail
            AND h.due_hour >= n.this_hour - INTERVAL 30 DAY
            AND h.due_hour < n.this_hour
    GROUP BY r.rail, o.target_pct, p.target_pct
) AS b;
