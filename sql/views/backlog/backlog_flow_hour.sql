-- backlog_flow_hour: inflow, outflow and clear time by hour, in the cohort of the attempts.
--
-- Grain: one row per hour.
-- Time axis: metric_hour
-- Note: a payment counts in the hour of its attempt, not in the hour in which it left the backlog.
-- Columns:
--   metric_hour     hour of the attempts (UTC)
--   inflow_count    payments attempted in the hour
--   outflow_count   of these, in a terminal state by now
--   net_count       inflow - outflow: what the hour left in the backlog
--   inflow_amount   amount attempted, base currency
--   outflow_amount  amount in terminal states, base currency
--   net_amount      amount left in the backlog, base currency
--   backlog_count   open payments of all hours now
--   clear_seconds   backlog_count / outflow per second of the hour: time to clear the backlog of
--                   now at the pace of the hour, with no inflow, seconds
-- NULL: clear_seconds is NULL when nothing was completed.
CREATE OR REPLACE VIEW backlog_flow_hour AS
SELECT
    h.metric_hour,
    CAST(h.total_count AS SIGNED) AS inflow_count,
    CAST(
        h.total_count - (h.created_count + h.pending_count + h.authorized_count)
    AS SIGNED) AS outflow_count,
    CAST(h.created_count + h.pending_count + h.authorized_count AS SIGNED) AS net_count,
    h.total_amount AS inflow_amount,
    CAST(
        h.total_amount - (h.pending_amount + h.authorized_amount)
    AS DECIMAL(21, 4)) AS outflow_amount,
    CAST(h.pending_amount + h.authorized_amount AS DECIMAL(21, 4)) AS net_amount,
    CAST(b.open_count AS SIGNED) AS backlog_count,
    CAST(
        3600.000000 * b.open_count / NULLIF(
            h.total_count - (h.created_count + h.pending_count + h.authorized_count), 0)
    AS SIGNED) AS clear_seconds
FROM metric_hour AS h
CROSS JOIN (
    SELECT COALESCE(SUM(d.created_count + d.pending_count + d.authorized_count), 0) AS open_count
    FROM metric_day AS d
    WHERE d.dimension = 'all'
) AS b
WHERE h.dimension = 'all';
