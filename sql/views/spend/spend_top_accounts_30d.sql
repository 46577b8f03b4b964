-- spend_top_accounts_30d: the 100 accounts with the largest completed amount over the last 30 days.
--
-- Grain: one row per account, at most 100.
-- Note: the window is the last 30 days up to rollup_state.window_end_date.
-- Columns:
--   account_rank      rank by completed amount, 1 for the largest
--   account_id        account
--   customer_id       owner
--   total_count       payments
--   completed_count   completed payments
--   completed_amount  their amount, base currency
--   mean_amount       completed_amount / completed_count, base currency
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW spend_top_accounts_30d AS
SELECT
    CAST(r.account_rank AS SIGNED) AS account_rank,
    r.account_id,
    a.customer_id,
    CAST(r.total_count AS SIGNED) AS total_count,
    CAST(r.completed_count AS SIGNED) AS completed_count,
    CAST(r.completed_amount AS DECIMAL(21, 4)) AS completed_amount,
    CAST(
        1.000000 * r.completed_amount
        / NULLIF(r.completed_count, 0)
    AS DECIMAL(21, 4)) AS mean_amount
FROM (
    SELECT
        x.account_id,
        x.total_count,
        x.completed_count,
        x.completed_amount,
        ROW_NUMBER() OVER (
            ORDER BY x.completed_amount DESC, x.account_id
        ) AS account_rank
    FROM (
        SELECT
            w.account_id,
            w.total_count,
            w.completed_count,
            w.completed_amount
        FROM account_window AS w
        WHERE w.completed_count > 0
        ORDER BY w.completed_amount DESC, w.account_id
        LIMIT 100
    ) AS x
) AS r
INNER JOIN accounts AS a ON a.account_id = r.account_id;
