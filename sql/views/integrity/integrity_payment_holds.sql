-- integrity_payment_holds: must be empty: holds that last although their payment is not authorized,
-- and authorized payments whose hold has ended.
--
-- Grain: one row per payment.
-- Columns:
--   transaction_id  payment
--   state           its state
--   outcome         how the hold ended
-- NULL: outcome is NULL while the hold lasts.
CREATE OR REPLACE VIEW integrity_payment_holds AS
SELECT
    h.transaction_id,
    CAST(t.status AS CHAR(16) CHARACTER SET ascii) AS state,
    h.outcome
FROM payment_holds AS h
INNER JOIN transactions AS t ON t.transaction_id = h.transaction_id
WHERE (t.status = 'authorized') <> (h.ended_at IS NULL)
    OR (h.outcome = 'captured') <> (h.captured_amount IS NOT NULL);
