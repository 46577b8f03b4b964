-- spend_high_value_anomalies: completed payments of the account window that are more than three
-- sample deviations above the mean of the other payments of their account.
--
-- Grain: one row per payment.
-- Time axis: transaction_time
-- Note: the payment itself is not in its baseline, accounts with fewer than ten other payments are
-- left out.
-- Columns:
--   transaction_id          payment
--   account_id              account
--   transaction_time        time of the payment (UTC)
--   base_amount             amount, base currency
--   transaction_type        type
--   merchant_category       merchant category
--   location                location
--   other_count             other completed payments of the account in the window
--   other_mean_amount       their mean amount, base currency
--   other_deviation_amount  their sample deviation, base currency
-- NULL: merchant_category and location as in transactions.
CREATE OR REPLACE VIEW spend_high_value_anomalies AS
SELECT
    t.transaction_id,
    t.account_id,
    t.transaction_time,
    t.base_amount,
    t.transaction_type,
    t.merchant_category,
    t.location,
    CAST(w.completed_count - 1 AS SIGNED) AS other_count,
    CAST(
        1.000000 * (w.completed_amount - t.base_amount) / (w.completed_count - 1)
    AS DECIMAL(21, 4)) AS other_mean_amount,
    CAST(SQRT(GREATEST(0,
        w.completed_amount_squares - t.base_amount * t.base_amount
        - POW(w.completed_amount - t.base_amount, 2) / (w.completed_count - 1)
    ) / (w.completed_count - 2)) AS DECIMAL(21, 4)) AS other_deviation_amount
FROM transactions AS t
INNER JOIN account_window AS w ON w.account_id = t.account_id
INNER JOIN rollup_state AS s
    ON t.transaction_time >= s.window_end_date - INTERVAL 29 DAY
        AND t.transaction_time < s.window_end_date + INTERVAL 1 DAY
WHERE t.status = 'completed'
    AND t.transaction_time <= as_of()
    AND w.completed_count >= 11
    AND t.base_amount - (w.completed_amount - t.base_amount) / (w.completed_count - 1)
        > 3 * SQRT(GREATEST(
            0,
            w.completed_amount_squares - t.base_amount * t.base_amount
            - POW(w.completed_amount - t.base_amount, 2) / (w.completed_count - 1)
        ) / (w.completed_count - 2));
