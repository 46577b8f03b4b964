-- backlog_by_hour: open payments by the hour of their attempt.
--
-- Grain: one row per hour with open payments.
-- Time axis: metric_hour
-- Columns:
--   metric_hour                hour of the attempts (UTC)
--   hour_of_day                hour of the day, 0 to 23 (UTC)
--   pending_count              payments in state pending
--   open_count                 payments in non-terminal states
--   created_or_pending_amount  amount in states created and pending, base currency
--   open_amount                amount in non-terminal states, base currency
--   total_count                all payments of the hour
--   open_ratio                 open_count / total_count
-- NULL: no column is NULL in practice, open_ratio where total_count is 0.
CREATE OR REPLACE VIEW backlog_by_hour AS
SELECT
    h.metric_hour,
    CAST(HOUR(h.metric_hour) AS SIGNED) AS hour_of_day,
    CAST(h.pending_count AS SIGNED) AS pending_count,
    CAST(h.created_count + h.pending_count + h.authorized_count AS SIGNED) AS open_count,
    h.pending_amount AS created_or_pending_amount,
    CAST(h.pending_amount + h.authorized_amount AS DECIMAL(21, 4)) AS open_amount,
    CAST(h.total_count AS SIGNED) AS total_count,
    CAST(
        1.000000 * (h.created_count + h.pending_count + h.authorized_count)
        / NULLIF(h.total_count, 0)
    AS DECIMAL(9, 6)) AS open_ratio
FROM metric_hour AS h
WHERE h.dimension = 'all'
    AND h.created_count + h.pending_count + h.authorized_count > 0;
