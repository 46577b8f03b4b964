-- spend_top_payees: the five payees with the largest completed amount among the latest payments.
--
-- Grain: one row per payee, at most five.
-- Note: the sample is the time before as_of() in which about 2,500 payments arrive at the pace of
-- the last seven days, at most 30 days, so that the cost stays bounded at any size.
-- Columns:
--   payee_rank        rank by amount, 1 for the largest
--   payee_kind        account (one of ours), handle, iban or merchant_category
--   payee             account id, merchant category, or masked: the first two characters of a UPI
--                     address before its provider, country and last four characters of an IBAN
--   completed_count   completed payments
--   completed_amount  their amount, base currency
--   first_at          time of the first of them (UTC)
--   last_at           time of the last of them (UTC)
-- NULL: completed_amount is NULL when no payment has a rate.
CREATE OR REPLACE VIEW spend_top_payees AS
SELECT
    CAST(p.payee_rank AS SIGNED) AS payee_rank,
    p.payee_kind,
    CAST(CASE p.payee_kind
        WHEN 'handle' THEN IF(
            p.payee LIKE '%@%',
            CONCAT(
                mask_middle(SUBSTRING_INDEX(p.payee, '@', 1), 2, 0), '@',
                SUBSTRING_INDEX(p.payee, '@', -1)),
            '***')
        WHEN 'iban' THEN mask_middle(p.payee, 2, 4)
        ELSE p.payee
    END AS CHAR(100)) COLLATE utf8mb4_general_ci AS payee,
    CAST(p.completed_count AS SIGNED) AS completed_count,
    CAST(p.completed_amount AS DECIMAL(21, 4)) AS completed_amount,
    p.first_at,
    p.last_at
FROM (
    SELECT
        g.payee_kind,
        g.payee,
        COUNT(*) AS completed_count,
        SUM(g.base_amount) AS completed_amount,
        MIN(g.transaction_time) AS first_at,
        MAX(g.transaction_time) AS last_at,
        ROW_NUMBER() OVER (
            ORDER BY SUM(g.base_amount) DESC, g.payee
        ) AS payee_rank
    FROM (
        SELECT
            t.transaction_time,
            t.base_amount,
            CAST(CASE
                WHEN t.counterparty_handle IS NOT NULL THEN 'handle'
                WHEN t.counterparty_account_id IS NOT NULL THEN 'account'
                WHEN t.counterparty_iban IS NOT NULL THEN 'iban'
                ELSE 'merchant_category'
            END AS CHAR(20) CHARACTER SET ascii) AS payee_kind,
            CAST(COALESCE(
                t.counterparty_handle,
                t.counterparty_account_id,
                t.counterparty_iban,
                t.merchant_category
            ) AS CHAR(100)) COLLATE utf8mb4_general_ci AS payee
        FROM transactions AS t FORCE INDEX (idx_transactions_time)
        LEFT JOIN transaction_types AS y
            ON y.transaction_type = t.transaction_type
        WHERE t.status = 'completed'
            AND COALESCE(y.is_outgoing, 1) = 1
            AND t.transaction_time >= as_of() - INTERVAL (
                SELECT CAST(
                    LEAST(2592000, 1512000000 / GREATEST(1, COALESCE(SUM(d.total_count), 0)))
                AS SIGNED)
                FROM metric_day AS d
                WHERE d.dimension = 'all'
                    AND d.metric_date > DATE(as_of()) - INTERVAL 7 DAY
                    AND d.metric_date <= DATE(as_of())
            ) SECOND
            AND t.transaction_time <= as_of()
            AND COALESCE(
                t.counterparty_handle,
                t.counterparty_account_id,
                t.counterparty_iban,
                t.merchant_category
            ) IS NOT NULL
    ) AS g
    GROUP BY g.payee_kind, g.payee
) AS p
WHERE p.payee_rank <= 5;
