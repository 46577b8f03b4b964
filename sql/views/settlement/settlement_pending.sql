-- settlement_pending: settlements that are pending by rail, with the part that is past due.
--
-- Grain: one row per rail.
-- Columns:
--   rail                 rail
--   pending_settlements  settlements that are pending
--   pending_amount       their amount, base currency
--   overdue_count        of these, past due
--   overdue_amount       amount past due, base currency
--   overdue_ratio        overdue_count / pending_settlements
-- NULL: overdue_ratio is NULL when nothing is pending.
CREATE OR REPLACE VIEW settlement_pending AS
SELECT
    r.rail,
    CAST(COALESCE(p.pending_count, 0) AS SIGNED) AS pending_settlements,
    CAST(COALESCE(p.pending_amount, 0) AS DECIMAL(21, 4)) AS pending_amount,
    CAST(COALESCE(o.pending_count, 0) AS SIGNED) AS overdue_count,
    CAST(COALESCE(o.pending_amount, 0) AS DECIMAL(21, 4)) AS overdue_amount,
    CAST(
        1.000000 * (COALESCE(o.pending_count, 0))
        / NULLIF(p.pending_count, 0)
    AS DECIMAL(9, 6)) AS overdue_ratio
FROM rails AS r
LEFT JOIN (
    SELECT
        d.rail,
        SUM(d.pending_count) AS pending_count,
        SUM(d.pending_amount) AS pending_amount
    FROM settlement_day AS d
    GROUP BY d.rail
) AS p ON p.rail = r.rail
LEFT JOIN (
    SELECT
        i.rail,
        SUM(i.pending_count) AS pending_count,
        SUM(i.pending_amount) AS pending_amount
    FROM int_settlement_due AS i
    GROUP BY i.rail
) AS o ON o.rail = r.rail;
