-- integrity_payment_states: must be empty: states that only one of payment_states and the type of
-- transactions.status knows.
--
-- Grain: one row per state.
-- Note: the second problem is one row, whose state is the beginning of the type. DATABASE() must be
-- the schema of payops.
-- Columns:
--   state    state
--   problem  missing_in_payment_states or missing_in_transactions
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW integrity_payment_states AS
SELECT
    CAST(s.state AS CHAR(16) CHARACTER SET ascii) AS state,
    CAST('missing_in_transactions' AS CHAR(32) CHARACTER SET ascii) AS problem
FROM payment_states AS s
INNER JOIN information_schema.columns AS c
    ON c.table_schema = DATABASE()
        AND c.table_name = 'transactions'
        AND c.column_name = 'status'
WHERE LOCATE(CONCAT('''', s.state, ''''), c.column_type) = 0
UNION ALL
SELECT
    CAST(c.column_type AS CHAR(16) CHARACTER SET ascii),
    'missing_in_payment_states'
FROM information_schema.columns AS c
WHERE c.table_schema = DATABASE()
    AND c.table_name = 'transactions'
    AND c.column_name = 'status'
    AND LENGTH(c.column_type) - LENGTH(REPLACE(c.column_type, ',', '')) + 1
        > (
            SELECT COUNT(*)
            FROM payment_states AS p
            WHERE LOCATE(CONCAT('''', p.state, ''''), c.column_type) > 0
        );
