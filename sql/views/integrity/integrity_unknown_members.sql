-- integrity_unknown_members: must be empty: values of the last 30 days that the reference tables do
-- not know.
--
-- Grain: one row per dimension and value.
-- Columns:
--   dimension   transaction_type, response_code or rail
--   member      value without a reference row
--   item_count  payments or settlements with it
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW integrity_unknown_members AS
SELECT
    CAST('transaction_type' AS CHAR(20) CHARACTER SET ascii) AS dimension,
    m.member,
    CAST(SUM(m.total_count) AS SIGNED) AS item_count
FROM metric_day AS m
LEFT JOIN transaction_types AS r ON r.transaction_type = m.member
WHERE m.dimension = 'transaction_type'
    AND m.metric_date >= DATE(as_of()) - INTERVAL 30 DAY
    AND r.transaction_type IS NULL
GROUP BY m.member
HAVING SUM(m.total_count) <> 0
UNION ALL
SELECT
    'response_code',
    m.member,
    CAST(SUM(m.total_count) AS SIGNED)
FROM metric_day AS m
LEFT JOIN response_codes AS c ON c.response_code = m.member
WHERE m.dimension = 'response_code'
    AND m.metric_date >= DATE(as_of()) - INTERVAL 30 DAY
    AND m.member <> '(none)'
    AND c.response_code IS NULL
GROUP BY m.member
HAVING SUM(m.total_count) <> 0
UNION ALL
SELECT
    'rail',
    d.rail,
    CAST(SUM(d.item_count) AS SIGNED)
FROM settlement_day AS d
LEFT JOIN rails AS r ON r.rail = d.rail
WHERE d.due_date >= DATE(as_of()) - INTERVAL 30 DAY
    AND r.rail IS NULL
GROUP BY d.rail;
