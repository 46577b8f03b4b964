-- settlements_all: every settlement, those of payments in the archive too.
--
-- Grain: one row per settlement.
-- Time axis: due_at
-- Columns:
--   settlement_id      settlement
--   transaction_id     payment that is settled
--   rail               rail on which it settles
--   settlement_status  state of the settlement
--   settlement_amount  amount to settle, in currency
--   currency           ISO 4217 code of the amount
--   base_amount        amount in the base currency at the dated rate
--   accepted_at        when the payment was accepted for settlement (UTC)
--   due_at             when it was due (UTC)
--   settlement_date    when it was settled or failed (UTC)
-- NULL: where the table settlements has NULL.
CREATE OR REPLACE VIEW settlements_all AS
SELECT
    t.settlement_id,
    t.transaction_id,
    t.rail,
    t.settlement_status,
    t.settlement_amount,
    t.currency,
    t.base_amount,
    t.accepted_at,
    t.due_at,
    t.settlement_date
FROM settlements AS t
UNION ALL
SELECT
    a.settlement_id,
    a.transaction_id,
    a.rail,
    a.settlement_status,
    a.settlement_amount,
    a.currency,
    a.base_amount,
    a.accepted_at,
    a.due_at,
    a.settlement_date
FROM settlements_archive AS a;
