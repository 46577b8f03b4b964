-- int_account_facts: where the ledger of an account begins, which may not change.
--
-- Grain: one row per account that is posted to.
-- Columns:
--   account_id   account
--   fact_digest  SHA-256, hexadecimal, over the opening balance and its time
-- NULL: none. Internal.
CREATE OR REPLACE VIEW int_account_facts AS
SELECT
    l.account_id,
    CAST(SHA2(
        CONCAT(
            COALESCE(CONCAT(LENGTH(l.account_id), ':', l.account_id), '-'),
            COALESCE(CONCAT(LENGTH(l.opening_balance), ':', l.opening_balance), '-'),
            COALESCE(CONCAT(LENGTH(l.opened_at), ':', l.opened_at), '-')),
        256) AS CHAR(64) CHARACTER SET ascii) COLLATE ascii_bin AS fact_digest
FROM account_ledgers AS l;
