-- posting_refusals: requests that were refused, with their reason: payments that were denied, and
-- operations that the state of a payment or account did not allow.
--
-- Grain: one row per refused request.
-- Time axis: requested_at
-- Columns:
--   request_id      request
--   operation       procedure that was called
--   transaction_id  payment
--   payment_status  its state then
--   refusal_reason  why
--   requested_by    database account that called it
--   requested_at    when (UTC)
-- NULL: transaction_id and payment_status are NULL when no payment is concerned.
CREATE OR REPLACE VIEW posting_refusals AS
SELECT
    r.request_id,
    r.operation,
    r.transaction_id,
    r.payment_status,
    r.refusal_reason,
    r.requested_by,
    r.requested_at
FROM payment_requests AS r
WHERE r.refusal_reason IS NOT NULL;
