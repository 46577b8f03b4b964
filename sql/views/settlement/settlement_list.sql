-- settlement_list: settlements one by one.
--
-- Grain: one row per settlement.
-- Time axis: due_at
-- Note: settlements of payments in the archive are left out. A filter on rail or settlement_status
-- with due_at reads only the rows that it names; one on due_at alone reads all rails.
-- Columns:
--   settlement_id      settlement
--   transaction_id     payment that is settled
--   rail               rail on which it settles
--   settlement_status  state of the settlement
--   settlement_amount  amount to settle, in currency
--   currency           ISO 4217 code of the amount
--   base_amount        amount, base currency
--   accepted_at        when the payment was accepted for settlement (UTC)
--   due_at             when it was due (UTC)
--   settlement_date    when it was settled or failed (UTC)
--   is_on_time         1 when it was settled no later than due
-- NULL: base_amount: no rate is known. settlement_date: the settlement is pending.
CREATE OR REPLACE VIEW settlement_list AS
SELECT
    s.settlement_id,
    s.transaction_id,
    s.rail,
    s.settlement_status,
    s.settlement_amount,
    s.currency,
    s.base_amount,
    s.accepted_at,
    s.due_at,
    s.settlement_date,
    CAST(
        COALESCE(s.settlement_status = 'settled' AND s.settlement_date <= s.due_at, 0)
    AS SIGNED) AS is_on_time
FROM settlements AS s;
