-- integrity_open_payment_settlements: must be empty: open payments of the last two days that have a
-- pending settlement, so that exposure would count them twice.
--
-- Grain: one row per settlement.
-- Columns:
--   transaction_id  payment
--   state           non-terminal state of the payment
--   settlement_id   settlement
--   base_amount     amount of the settlement, base currency
-- NULL: base_amount is NULL while no rate is known.
CREATE OR REPLACE VIEW integrity_open_payment_settlements AS
SELECT
    t.transaction_id,
    CAST('created' AS CHAR(16) CHARACTER SET ascii) AS state,
    s.settlement_id,
    s.base_amount
FROM transactions AS t
INNER JOIN settlements AS s ON s.transaction_id = t.transaction_id
WHERE t.status = 'created'
    AND t.transaction_time >= DATE(as_of()) - INTERVAL 1 DAY
    AND s.settlement_status = 'pending'
UNION ALL
SELECT
    t.transaction_id,
    CAST('pending' AS CHAR(16) CHARACTER SET ascii) AS state,
    s.settlement_id,
    s.base_amount
FROM transactions AS t
INNER JOIN settlements AS s ON s.transaction_id = t.transaction_id
WHERE t.status = 'pending'
    AND t.transaction_time >= DATE(as_of()) - INTERVAL 1 DAY
    AND s.settlement_status = 'pending'
UNION ALL
SELECT
    t.transaction_id,
    CAST('authorized' AS CHAR(16) CHARACTER SET ascii) AS state,
    s.settlement_id,
    s.base_amount
FROM transactions AS t
INNER JOIN settlements AS s ON s.transaction_id = t.transaction_id
WHERE t.status = 'authorized'
    AND t.transaction_time >= DATE(as_of()) - INTERVAL 1 DAY
    AND s.settlement_status = 'pending';
