-- int_backlog_slice: open payments by time of creation: whole days, hours where an edge cuts the
-- day, minutes where an edge cuts the hour.
--
-- Grain: one row per slice of time that has open payments.
-- Columns:
--   slice_from   begin of the slice (UTC)
--   open_count   payments in non-terminal states
--   open_amount  their amount, base currency
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_backlog_slice AS
SELECT
    CAST(d.metric_date AS DATETIME) AS slice_from,
    -- each open state, with + between, in rows: d.{state}_count
    d.created_count + d.pending_count + d.authorized_count
    -- end
        AS open_count,
    -- each open amount, with + between, in rows: d.{name}
    d.pending_amount + d.authorized_amount
    -- end
        AS open_amount
FROM metric_day AS d
WHERE d.dimension = 'all'
    AND d.metric_date < DATE(as_of())
    AND d.metric_date NOT IN (SELECT e.edge_date FROM int_backlog_edge AS e)
UNION ALL
SELECT
    h.metric_hour,
    -- each open state, with + between, in rows: h.{state}_count,
    h.created_count + h.pending_count + h.authorized_count,
    -- end
    -- each open amount, with + between, in rows: h.{name}
    h.pending_amount + h.authorized_amount
    -- end
FROM (SELECT DISTINCT e.edge_date FROM int_backlog_edge AS e) AS x
CROSS JOIN int_number AS n
INNER JOIN metric_hour AS h
    ON h.dimension = 'all'
        AND h.metric_hour = CAST(x.edge_date AS DATETIME) + INTERVAL n.n HOUR
        AND h.member = 'all'
WHERE n.n < 24
    AND h.metric_hour < as_of()
    AND h.metric_hour NOT IN (SELECT e.edge_hour FROM int_backlog_edge AS e)
UNION ALL
SELECT
    m.metric_minute,
    -- each open state, with + between, in rows: m.{state}_count,
    m.created_count + m.pending_count + m.authorized_count,
    -- end
    -- each open amount, with + between, in rows: m.{name}
    m.pending_amount + m.authorized_amount
    -- end
FROM (SELECT DISTINCT e.edge_hour FROM int_backlog_edge AS e) AS x
CROSS JOIN int_number AS n
INNER JOIN metric_minute AS m
    ON m.dimension = 'all'
        AND m.metric_minute = x.edge_hour + INTERVAL n.n MINUTE
        AND m.member = 'all'
WHERE m.metric_minute <= as_of();
