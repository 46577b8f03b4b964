-- int_archived_payment_facts: what of a payment in the archive may not change: the same digest
-- that int_payment_facts gave it before it moved.
--
-- Grain: one row per payment.
-- Columns:
--   transaction_id  payment
--   fact_digest     SHA-256, hexadecimal, over the columns that no later step may change and over
--                   the settlements, each value with its length in bytes and a colon before
--                   it, NULL as -
-- NULL: none. Left out: the state and its time, which later requests change; counterparty_iban,
-- counterparty_country, counterparty_handle and title, which erasure changes. Internal.
CREATE OR REPLACE VIEW int_archived_payment_facts AS
SELECT
    a.transaction_id,
    CAST(SHA2(
        CONCAT(
            COALESCE(CONCAT(LENGTH(a.transaction_id), ':', a.transaction_id), '-'),
            COALESCE(CONCAT(LENGTH(a.account_id), ':', a.account_id), '-'),
            COALESCE(CONCAT(LENGTH(a.transaction_time), ':', a.transaction_time), '-'),
            COALESCE(CONCAT(LENGTH(a.transaction_amount), ':', a.transaction_amount), '-'),
            COALESCE(CONCAT(LENGTH(a.currency), ':', CAST(a.currency AS BINARY)), '-'),
            COALESCE(CONCAT(LENGTH(a.base_amount), ':', a.base_amount), '-'),
            -- each dimension but all:
            --     COALESCE(
            --         CONCAT(LENGTH(a.{column}), ':', CAST(a.{column} AS BINARY)),
            --         '-'),
            COALESCE(
                CONCAT(LENGTH(a.transaction_type), ':', CAST(a.transaction_type AS BINARY)),
                '-'),
            COALESCE(
                CONCAT(LENGTH(a.merchant_category), ':', CAST(a.merchant_category AS BINARY)),
                '-'),
            COALESCE(
                CONCAT(LENGTH(a.location), ':', CAST(a.location AS BINARY)),
                '-'),
            COALESCE(
                CONCAT(LENGTH(a.device_type), ':', CAST(a.device_type AS BINARY)),
                '-'),
            COALESCE(
                CONCAT(LENGTH(a.channel), ':', CAST(a.channel AS BINARY)),
                '-'),
            COALESCE(
                CONCAT(LENGTH(a.product), ':', CAST(a.product AS BINARY)),
                '-'),
            COALESCE(
                CONCAT(LENGTH(a.acquirer), ':', CAST(a.acquirer AS BINARY)),
                '-'),
            COALESCE(
                CONCAT(LENGTH(a.card_scheme), ':', CAST(a.card_scheme AS BINARY)),
                '-'),
            COALESCE(
                CONCAT(LENGTH(a.response_code), ':', CAST(a.response_code AS BINARY)),
                '-'),
            -- end
            COALESCE(
                CONCAT(LENGTH(a.counterparty_account_id), ':', a.counterparty_account_id),
                '-'),
            COALESCE(CONCAT(LENGTH(a.balance_after), ':', a.balance_after), '-'),
            COALESCE(CONCAT(LENGTH(a.requested_at), ':', a.requested_at), '-'),
            COALESCE(CONCAT(LENGTH(a.responded_at), ':', a.responded_at), '-'),
            COALESCE(
                CONCAT(LENGTH(a.order_reference), ':', CAST(a.order_reference AS BINARY)),
                '-'),
            COALESCE(CONCAT(LENGTH(a.is_final_attempt), ':', a.is_final_attempt), '-'),
            COALESCE(
                CONCAT(LENGTH(a.idempotency_key), ':', CAST(a.idempotency_key AS BINARY)),
                '-'),
            COALESCE(CONCAT(LENGTH(a.source_status), ':', CAST(a.source_status AS BINARY)), '-'),
            COALESCE(CONCAT(LENGTH(a.ingested_at), ':', a.ingested_at), '-'),
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
                FROM settlements_archive AS s
                WHERE s.transaction_id = a.transaction_id
            ), '')),
        256) AS CHAR(64) CHARACTER SET ascii) COLLATE ascii_bin AS fact_digest
FROM transactions_archive AS a;
