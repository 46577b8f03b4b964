-- int_settlement_due: settlements that are due by now: whole days, whole hours of today, and the
-- current hour from the settlements themselves.
--
-- Grain: one row per rail, due date and part.
-- Time axis: due_date
-- Columns:
--   rail              rail
--   due_date          day on which they are due (UTC)
--   item_count        settlements due
--   settled_count     settlements settled
--   on_time_count     settlements settled no later than due
--   within_24h_count  settlements settled within 24 hours of acceptance
--   failed_count      settlements failed
--   pending_count     settlements pending
--   item_amount       amount due, base currency
--   settled_amount    amount settled, base currency
--   on_time_amount    amount settled no later than due, base currency
--   failed_amount     amount failed, base currency
--   pending_amount    amount pending, base currency
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_settlement_due AS
SELECT
    d.rail,
    d.due_date,
    -- each settlement measure: d.{name}
    d.item_count,
    d.settled_count,
    d.on_time_count,
    d.within_24h_count,
    d.failed_count,
    d.pending_count,
    d.item_amount,
    d.settled_amount,
    d.on_time_amount,
    d.failed_amount,
    d.pending_amount
    -- end
FROM settlement_day AS d
WHERE d.due_date < DATE(as_of())
UNION ALL
SELECT
    h.rail,
    DATE(h.due_hour),
    -- each settlement measure: h.{name}
    h.item_count,
    h.settled_count,
    h.on_time_count,
    h.within_24h_count,
    h.failed_count,
    h.pending_count,
    h.item_amount,
    h.settled_amount,
    h.on_time_amount,
    h.failed_amount,
    h.pending_amount
    -- end
FROM settlement_hour AS h
WHERE h.due_hour >= DATE(as_of())
    AND h.due_hour < as_of() - INTERVAL TIME_TO_SEC(TIME(as_of())) MOD 3600 SECOND
UNION ALL
SELECT
    s.rail,
    DATE(s.due_at),
    COUNT(*),
    SUM(s.settlement_status = 'settled'),
    SUM(s.settlement_status = 'settled' AND s.settlement_date <= s.due_at),
    SUM(
        s.settlement_status = 'settled'
        AND s.settlement_date <= s.accepted_at + INTERVAL 24 HOUR
    ),
    SUM(s.settlement_status = 'failed'),
    SUM(s.settlement_status = 'pending'),
    COALESCE(SUM(s.base_amount), 0),
    COALESCE(SUM(IF(s.settlement_status = 'settled', s.base_amount, 0)), 0),
    COALESCE(SUM(IF(
        s.settlement_status = 'settled' AND s.settlement_date <= s.due_at,
        s.base_amount,
        0
    )), 0),
    COALESCE(SUM(IF(s.settlement_status = 'failed', s.base_amount, 0)), 0),
    COALESCE(SUM(IF(s.settlement_status = 'pending', s.base_amount, 0)), 0)
FROM settlements AS s
WHERE s.settlement_status IN ('pending', 'settled', 'failed')
    AND s.due_at >= as_of() - INTERVAL TIME_TO_SEC(TIME(as_of())) MOD 3600 SECOND
    AND s.due_at <= as_of()
GROUP BY s.rail, DATE(s.due_at);
