-- backlog_by_location: open payments by location.
--
-- Grain: one row per location with open payments.
-- Columns:
--   location                   location, (none) where the payment has none
--   pending_count              payments in state pending
--   open_count                 payments in non-terminal states
--   created_or_pending_amount  amount in states created and pending, base currency
--   open_amount                amount in non-terminal states, base currency
--   oldest_date                day of the oldest open payment (UTC)
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW backlog_by_location AS
SELECT
    d.member AS location,
    CAST(SUM(d.pending_count) AS SIGNED) AS pending_count,
    CAST(SUM(d.created_count + d.pending_count + d.authorized_count) AS SIGNED) AS open_count,
    CAST(SUM(d.pending_amount) AS DECIMAL(21, 4)) AS created_or_pending_amount,
    CAST(SUM(d.pending_amount + d.authorized_amount) AS DECIMAL(21, 4)) AS open_amount,
    MIN(d.metric_date) AS oldest_date
FROM metric_day AS d
WHERE d.dimension = 'location'
    AND d.created_count + d.pending_count + d.authorized_count > 0
GROUP BY d.member;
