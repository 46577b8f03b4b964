-- settlement_overdue: settlements that are past due and not settled.
--
-- Grain: one row per settlement.
-- Time axis: due_at
-- Columns:
--   settlement_id             settlement
--   transaction_id            payment
--   rail                      rail
--   accepted_at               when the payment was accepted (UTC)
--   due_at                    when it was due (UTC)
--   overdue_seconds           time since it was due, seconds
--   overdue_business_seconds  business time since it was due, seconds
--   settlement_amount         amount in currency
--   currency                  ISO 4217 code
--   base_amount               amount, base currency
-- NULL: base_amount: no rate is known. overdue_business_seconds: the calendar does not cover the
-- time.
CREATE OR REPLACE VIEW settlement_overdue AS
SELECT
    s.settlement_id,
    s.transaction_id,
    s.rail,
    s.accepted_at,
    s.due_at,
    CAST(TIMESTAMPDIFF(SECOND, s.due_at, as_of()) AS SIGNED) AS overdue_seconds,
    CAST(IF(
        r.calendar_name = 'ALWAYS',
        TIMESTAMPDIFF(SECOND, s.due_at, as_of()),
        business_seconds(r.calendar_name, s.due_at, as_of())
    ) AS SIGNED) AS overdue_business_seconds,
    s.settlement_amount,
    s.currency,
    s.base_amount
FROM settlements AS s
INNER JOIN rails AS r ON r.rail = s.rail
WHERE s.settlement_status = 'pending'
    AND s.due_at < as_of();
