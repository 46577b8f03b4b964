-- exposure_total: gross exposure: amount of open payments and of pending settlements. It is no
-- statistical value at risk.
--
-- Grain: one row.
-- Note: no money counts twice: an open payment has no settlement yet
-- (integrity_open_payment_settlements proves it), a completed payment counts only through its
-- pending settlement.
-- Columns:
--   base_currency      currency of the amounts (ISO 4217)
--   open_count         payments in non-terminal states
--   pending_amount     amount in states created and pending, base currency
--   authorized_amount  amount in state authorized, base currency
--   open_amount        pending_amount + authorized_amount
--   unsettled_count    settlements that are pending
--   unsettled_amount   their amount, base currency
--   exposure_count     open_count + unsettled_count
--   exposure_amount    open_amount + unsettled_amount, base currency
-- NULL: base_currency is NULL when no currency is marked as base.
CREATE OR REPLACE VIEW exposure_total AS
SELECT
    base_currency() AS base_currency,
    CAST(p.open_count AS SIGNED) AS open_count,
    CAST(p.pending_amount AS DECIMAL(21, 4)) AS pending_amount,
    CAST(p.authorized_amount AS DECIMAL(21, 4)) AS authorized_amount,
    CAST(p.pending_amount + p.authorized_amount AS DECIMAL(21, 4)) AS open_amount,
    CAST(s.unsettled_count AS SIGNED) AS unsettled_count,
    CAST(s.unsettled_amount AS DECIMAL(21, 4)) AS unsettled_amount,
    CAST(p.open_count + s.unsettled_count AS SIGNED) AS exposure_count,
    CAST(
        p.pending_amount + p.authorized_amount + s.unsettled_amount
    AS DECIMAL(21, 4)) AS exposure_amount
FROM (
    SELECT
        COALESCE(SUM(d.created_count + d.pending_count + d.authorized_count), 0) AS open_count,
        COALESCE(SUM(d.pending_amount), 0) AS pending_amount,
        COALESCE(SUM(d.authorized_amount), 0) AS authorized_amount
    FROM metric_day AS d
    WHERE d.dimension = 'all'
) AS p
CROSS JOIN (
    SELECT
        COALESCE(SUM(t.pending_count), 0) AS unsettled_count,
        COALESCE(SUM(t.pending_amount), 0) AS unsettled_amount
    FROM settlement_day AS t
) AS s;
