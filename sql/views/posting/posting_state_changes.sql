-- posting_state_changes: the life of each payment that posting procedures made or changed: its
-- states, who brought it there, and when.
--
-- Grain: one row per change of state.
-- Time axis: changed_at
-- Columns:
--   transaction_id  payment
--   request_id      request that changed it
--   from_state      state before
--   to_state        state after
--   operation       procedure that was called
--   changed_by      database account that called it
--   changed_at      when (UTC)
-- NULL: from_state is NULL where the life begins.
CREATE OR REPLACE VIEW posting_state_changes AS
SELECT
    r.transaction_id,
    r.request_id,
    LAG(r.payment_status) OVER (
        PARTITION BY r.transaction_id
        ORDER BY r.request_id
    ) AS from_state,
    r.payment_status AS to_state,
    r.operation,
    r.requested_by AS changed_by,
    r.requested_at AS changed_at
FROM payment_requests AS r
WHERE r.transaction_id IS NOT NULL
    -- A request that was refused changes nothing, but for one that made a denied payment.
    AND (r.refusal_reason IS NULL OR r.operation IN ('post_payment', 'authorize_payment'));
