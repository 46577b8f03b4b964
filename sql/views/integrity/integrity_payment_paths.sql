-- integrity_payment_paths: must be empty: changes of state that the catalogue does not allow, and
-- posted payments in another state than the one that posting procedures left them in.
--
-- Grain: one row per problem.
-- Columns:
--   problem         illegal_change or unknown_change
--   transaction_id  payment
--   from_state      state before; of an unknown change the last one that is on record
--   to_state        state after; of an unknown change the one that the payment is in
-- NULL: from_state is NULL where the life begins.
CREATE OR REPLACE VIEW integrity_payment_paths AS
SELECT
    CAST('illegal_change' AS CHAR(16) CHARACTER SET ascii) AS problem,
    c.transaction_id,
    c.from_state,
    c.to_state
FROM posting_state_changes AS c
LEFT JOIN payment_transitions AS p
    ON p.from_state = COALESCE(c.from_state, '') AND p.to_state = c.to_state
WHERE p.to_state IS NULL
UNION ALL
SELECT
    'unknown_change',
    l.transaction_id,
    l.payment_status,
    CAST(t.status AS CHAR(16) CHARACTER SET ascii)
FROM (
    SELECT
        r.transaction_id,
        r.payment_status,
        ROW_NUMBER() OVER (
            PARTITION BY r.transaction_id
            ORDER BY r.request_id DESC
        ) AS position_from_end
    FROM payment_requests AS r
    WHERE r.transaction_id IS NOT NULL
        AND (r.refusal_reason IS NULL OR r.operation IN ('post_payment', 'authorize_payment'))
) AS l
INNER JOIN transactions AS t ON t.transaction_id = l.transaction_id
WHERE l.position_from_end = 1
    AND t.status <> l.payment_status;
