-- exposure_by_location: gross exposure of open payments by location.
--
-- Grain: one row per location with open payments.
-- Columns:
--   location           location, (none) where the payment has none
--   open_count         payments in non-terminal states
--   pending_amount     amount in states created and pending, base currency
--   authorized_amount  amount in state authorized, base currency
--   open_amount        amount in non-terminal states, base currency
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW exposure_by_location AS
SELECT
    d.member AS location,
    CAST(SUM(d.created_count + d.pending_count + d.authorized_count) AS SIGNED) AS open_count,
    CAST(SUM(d.pending_amount) AS DECIMAL(21, 4)) AS pending_amount,
    CAST(SUM(d.authorized_amount) AS DECIMAL(21, 4)) AS authorized_amount,
    CAST(SUM(d.pending_amount + d.authorized_amount) AS DECIMAL(21, 4)) AS open_amount
FROM metric_day AS d
WHERE d.dimension = 'location'
    AND d.created_count + d.pending_count + d.authorized_count > 0
GROUP BY d.member;
