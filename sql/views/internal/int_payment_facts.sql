-- int_payment_facts: what of a payment may not change once it is final.
--
-- Grain: one row per payment.
-- Columns:
--   transaction_id  payment
--   fact_digest     SHA-256, hexadecimal, over the columns that no later step may change and over
--                   the settlements, each value with its length in bytes and a colon before
--                   it, NULL as -
-- NULL: none. Left out: the state and its time, which later requests change; counterparty_iban,
-- counterparty_country, counterparty_handle and title, which erasure changes. Internal.
CREATE OR REPLACE VIEW int_payment_facts AS
SELECT
    t.transaction_id,
    CAST(SHA2(
        CONCAT(
            COALESCE(CONCAT(LENGTH(t.transaction_id), ':', t.transaction_id), '-'),
            COALESCE(CONCAT(LENGTH(t.account_id), ':', t.account_id), '-'),
            COALESCE(CONCAT(LENGTH(t.transaction_time), ':', t.transaction_time), '-'),
            COALESCE(CONCAT(LENGTH(t.transaction_amount), ':', t.transaction_amount), '-'),
            COALESCE(CONCAT(LENGTH(t.currency), ':', CAST(t.currency AS BINARY)), '-'),
            COALESCE(CONCAT(LENGTH(t.base_amount), ':', t.base_amount), '-'),
            -- each dimension but all:
            --     COALESCE(
            --         CONCAT(LENGTH(t.{column}), ':', CAST(t.{column} AS BINARY)),
            --         '-'),
            COALESCE(
                CONCAT(LENGTH(t.transaction_type), ':', CAST(t.transaction_type AS BINARY)),
                '-'),
            COALESCE(
                CONCAT(LENGTH(t.merchant_category), ':', CAST(t.merchant_category AS BINARY)),
                '-'),
            COALESCE(
                CONCAT(LENGTH(t.location), ':', CAST(t.location AS BINARY)),
                '-'),
            COALESCE(
                CONCAT(LENGTH(t.device_type), ':', CAST(t.device_type AS BINARY)),
                '-'),
            COALESCE(
                CONCAT(LENGTH(t.channel), ':', CAST(t.channel AS BINARY)),
                '-'),
            COALESCE(
                CONCAT(LENGTH(t.product), ':', CAST(t.product AS BINARY)),
                '-'),
            COALESCE(
                CONCAT(LENGTH(t.acquirer), ':', CAST(t.acquirer AS BINARY)),
                '-'),
            COALESCE(
                CONCAT(LENGTH(t.card_scheme), ':', CAST(t.card_scheme AS BINARY)),
                '-'),
            COALESCE(
                CONCAT(LENGTH(t.response_code), ':', CAST(t.response_code AS BINARY)),
                '-'),
            -- end
            COALESCE(
                CONCAT(LENGTH(t.counterparty_account_id), ':', t.counterparty_account_id),
                '-'),
            COALESCE(CONCAT(LENGTH(t.balance_after), ':', t.balance_after), '-'),
            COALESCE(CONCAT(LENGTH(t.requested_at), ':', t.requested_at), '-'),
            COALESCE(CONCAT(LENGTH(t.responded_at), ':', t.responded_at), '-'),
            COALESCE(
                CONCAT(LENGTH(t.order_reference), ':', CAST(t.order_reference AS BINARY)),
                '-'),
            COALESCE(CONCAT(LENGTH(t.is_final_attempt), ':', t.is_final_attempt), '-'),
            COALESCE(
                CONCAT(LENGTH(t.idempotency_key), ':', CAST(t.idempotency_key AS BINARY)),
                '-'),
            COALESCE(CONCAT(LENGTH(t.source_status), ':', CAST(t.source_status AS BINARY)), '-'),
            COALESCE(CONCAT(LENGTH(t.ingested_at), ':', t.ingested_at), '-'),
            COALESCE((
                SELECT GROUP_CONCAT(
                    CONCAT(
                        COALESCE(CONCAT(LENGTH(s.settlement_id), ':', s.settlement_id), '-'),
                        COALESCE(CONCAT(LENGTH(s.rail), ':', CAST(s.rail AS BINARY)), '-'),
                        COALESCE(
                            CONCAT(LENGTH(s.settlement_amount), ':', s.settlement_amount),
                            '-'),
                        COALESCE(CONCAT(LENGTH(s.currency), ':', CAST(s.currency AS BINARY)), '-'),
                        COALESCE(CONCAT(LENGTH(s.base_amount), ':', s.base_amount), '-'),
                        COALESCE(CONCAT(LENGTH(s.accepted_at), ':', s.accepted_at), '-'))
                    ORDER BY s.settlement_id SEPARATOR '')
                FROM settlements AS s
                WHERE s.transaction_id = t.transaction_id
            ), '')),
        256) AS CHAR(64) CHARACTER SET ascii) COLLATE ascii_bin AS fact_digest
FROM transactions AS t;
