-- int_request_facts: what of an answered request may not change, with its entries in the ledger.
--
-- Grain: one row per request.
-- Columns:
--   request_id            request
--   requested_at          when it came (UTC)
--   final_transaction_id  payment whose amount and parties are final with this request
--   fact_digest           SHA-256, hexadecimal, over the request and its entries, each value with
--                         its length in bytes and a colon before it, NULL as -
-- NULL: final_transaction_id when the request leaves them open, or changes the state only.
-- Internal.
CREATE OR REPLACE VIEW int_request_facts AS
SELECT
    r.request_id,
    r.requested_at,
    CASE
        WHEN r.operation IN ('post_payment', 'authorize_payment')
            AND r.payment_status IN ('completed', 'denied') THEN r.transaction_id
        WHEN r.operation IN ('capture_payment', 'refund_payment')
            AND r.payment_status = 'completed'
            AND r.refusal_reason IS NULL THEN r.transaction_id
        WHEN r.operation IN ('void_payment', 'expire_payments')
            AND r.payment_status = 'cancelled'
            AND r.refusal_reason IS NULL THEN r.transaction_id
    END AS final_transaction_id,
    CAST(SHA2(
        CONCAT(
            COALESCE(CONCAT(LENGTH(r.request_id), ':', r.request_id), '-'),
            COALESCE(
                CONCAT(LENGTH(r.idempotency_key), ':', CAST(r.idempotency_key AS BINARY)),
                '-'),
            COALESCE(CONCAT(LENGTH(r.request_hash), ':', CAST(r.request_hash AS BINARY)), '-'),
            COALESCE(CONCAT(LENGTH(r.operation), ':', CAST(r.operation AS BINARY)), '-'),
            COALESCE(CONCAT(LENGTH(r.transaction_id), ':', r.transaction_id), '-'),
            COALESCE(CONCAT(LENGTH(r.payment_status), ':', CAST(r.payment_status AS BINARY)), '-'),
            COALESCE(CONCAT(LENGTH(r.refusal_reason), ':', CAST(r.refusal_reason AS BINARY)), '-'),
            COALESCE(CONCAT(LENGTH(r.requested_by), ':', CAST(r.requested_by AS BINARY)), '-'),
            COALESCE(CONCAT(LENGTH(r.requested_at), ':', r.requested_at), '-'),
            COALESCE((
                SELECT GROUP_CONCAT(
                    CONCAT(
                        COALESCE(CONCAT(LENGTH(e.entry_id), ':', e.entry_id), '-'),
                        COALESCE(CONCAT(LENGTH(e.account_id), ':', e.account_id), '-'),
                        COALESCE(
                            CONCAT(
                                LENGTH(e.internal_account),
                                ':',
                                CAST(e.internal_account AS BINARY)),
                            '-'),
                        COALESCE(CONCAT(LENGTH(e.currency), ':', CAST(e.currency AS BINARY)), '-'),
                        COALESCE(CONCAT(LENGTH(e.entry_amount), ':', e.entry_amount), '-'))
                    ORDER BY e.entry_id SEPARATOR '')
                FROM ledger_entries AS e
                WHERE e.request_id = r.request_id
            ), '')),
        256) AS CHAR(64) CHARACTER SET ascii) COLLATE ascii_bin AS fact_digest
FROM payment_requests AS r;
