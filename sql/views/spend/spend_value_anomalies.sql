-- spend_value_anomalies: completed payments of the account window that are more than three sample
-- deviations above the mean of the other payments of their account, with their bucket of
-- spend_value_distribution.
--
-- Grain: one row per payment.
-- Time axis: transaction_time
-- Note: the payments are those of spend_high_value_anomalies. In descending order of
-- transaction_time the newest are found without reading the rest.
-- Columns:
--   transaction_id          payment
--   account_id              account
--   customer_id             customer
--   transaction_time        time of the payment (UTC)
--   base_amount             amount, base currency
--   bucket_number           bucket of spend_value_distribution
--   from_amount             smallest amount, base currency, inclusive
--   to_amount               first amount beyond, base currency
--   transaction_type        type
--   other_count             other completed payments of the account in the window
--   other_mean_amount       their mean amount, base currency
--   other_deviation_amount  their sample deviation, base currency
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW spend_value_anomalies AS
SELECT
    t.transaction_id,
    t.account_id,
    a.customer_id,
    t.transaction_time,
    t.base_amount,
    CAST(
        LEAST(40, GREATEST(0, FLOOR(LOG10(t.base_amount) * 4)))
    AS SIGNED) AS bucket_number,
    CAST(IF(
        t.base_amount < POW(10, 1 / 4e0), 0,
        POW(10, LEAST(40, GREATEST(0, FLOOR(LOG10(t.base_amount) * 4))) / 4)
    ) AS DECIMAL(21, 4)) AS from_amount,
    CAST(
        POW(10, (LEAST(40, GREATEST(0, FLOOR(LOG10(t.base_amount) * 4))) + 1) / 4)
    AS DECIMAL(21, 4)) AS to_amount,
    t.transaction_type,
    CAST(w.completed_count - 1 AS SIGNED) AS other_count,
    CAST(
        1.000000 * (w.completed_amount - t.base_amount) / (w.completed_count - 1)
    AS DECIMAL(21, 4)) AS other_mean_amount,
    CAST(SQRT(GREATEST(0,
        w.completed_amount_squares - t.base_amount * t.base_amount
        - POW(w.completed_amount - t.base_amount, 2) / (w.completed_count - 1)
    ) / (w.completed_count - 2)) AS DECIMAL(21, 4)) AS other_deviation_amount
FROM rollup_state AS s
-- By time, so that the newest are found without the rest: the order of tables and their keys are
-- given, since a buffered join of a small table would sort.
STRAIGHT_JOIN transactions AS t FORCE INDEX (idx_transactions_time)
STRAIGHT_JOIN account_window AS w FORCE INDEX (PRIMARY) ON w.account_id = t.account_id
STRAIGHT_JOIN accounts AS a FORCE INDEX (PRIMARY) ON a.account_id = t.account_id
WHERE s.state_id = 1
    AND t.status = 'completed'
    AND t.transaction_time >= s.window_end_date - INTERVAL 29 DAY
    AND t.transaction_time < s.window_end_date + INTERVAL 1 DAY
    AND t.transaction_time <= as_of()
    AND w.completed_count >= 11
    AND t.base_amount - (w.completed_amount - t.base_amount) / (w.completed_count - 1)
        > 3 * SQRT(GREATEST(
            0,
            w.completed_amount_squares - t.base_amount * t.base_amount
            - POW(w.completed_amount - t.base_amount, 2) / (w.completed_count - 1)
        ) / (w.completed_count - 2));
