-- integrity_privacy_erasures: proofs of erasures that were changed afterwards. Must be empty.
--
-- Grain: one row per erasure whose digest is not that of its row.
-- Columns:
--   erasure_id     erasure
--   customer_id    customer whose personal data were erased
--   digest         SHA-256 that was stored
--   actual_digest  SHA-256 of the row as it is
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW integrity_privacy_erasures AS
SELECT
    p.erasure_id,
    p.customer_id,
    p.digest,
    p.actual_digest
FROM (
    SELECT
        e.erasure_id,
        e.customer_id,
        e.digest,
        CONVERT(SHA2(CONCAT_WS(
            '|', e.customer_id, e.table_counts, e.searched_column_count, e.erased_by, e.erased_at
        ), 256) USING ascii) AS actual_digest
    FROM privacy_erasures AS e
) AS p
WHERE BINARY p.digest <> BINARY p.actual_digest;
