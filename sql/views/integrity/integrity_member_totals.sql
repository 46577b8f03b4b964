-- integrity_member_totals: must be empty: days of the last two where the members of a dimension do
-- not add up to all.
--
-- Grain: one row per wrong dimension and day.
-- Columns:
--   dimension       dimension
--   metric_date     day (UTC)
--   members_count   payments, sum over members
--   total_count     payments of all
--   members_amount  amount, sum over members, base currency
--   total_amount    amount of all, base currency
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW integrity_member_totals AS
SELECT
    s.dimension,
    s.metric_date,
    CAST(s.total_count AS SIGNED) AS members_count,
    CAST(COALESCE(a.total_count, 0) AS SIGNED) AS total_count,
    CAST(s.total_amount AS DECIMAL(21, 4)) AS members_amount,
    CAST(COALESCE(a.total_amount, 0) AS DECIMAL(21, 4)) AS total_amount
FROM (
    SELECT
        m.dimension,
        m.metric_date,
        SUM(m.total_count) AS total_count,
        SUM(m.total_amount) AS total_amount
    FROM metric_day AS m
    WHERE m.dimension IN (
        -- each dimension but all, in rows: '{name}'
        'transaction_type', 'merchant_category', 'location', 'device_type', 'channel', 'product',
        'acquirer', 'card_scheme', 'response_code'
        -- end
    )
        AND m.metric_date >= DATE(as_of()) - INTERVAL 1 DAY
    GROUP BY m.dimension, m.metric_date
) AS s
LEFT JOIN metric_day AS a
    ON a.dimension = 'all' AND a.metric_date = s.metric_date AND a.member = 'all'
WHERE s.total_count <> COALESCE(a.total_count, 0)
    OR s.total_amount <> COALESCE(a.total_amount, 0);
