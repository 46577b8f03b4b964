-- integrity_missing_fx_rates: must be empty: currencies of accounts without a rate, rates of the
-- base currency other than 1, and days of the last 30 with payments that could not be converted.
--
-- Grain: one row per currency or day.
-- Columns:
--   problem     currency_without_rate, base_rate_not_one or unconverted_payments
--   subject     currency or day
--   item_count  accounts or payments
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW integrity_missing_fx_rates AS
SELECT
    CAST('currency_without_rate' AS CHAR(24) CHARACTER SET ascii) AS problem,
    CAST(u.currency AS CHAR(16) CHARACTER SET ascii) AS subject,
    CAST(COUNT(*) AS SIGNED) AS item_count
FROM currencies AS u
INNER JOIN accounts AS a ON a.currency = u.currency
WHERE u.currency NOT IN (SELECT f.currency FROM fx_rates AS f)
    AND u.is_base = 0
GROUP BY u.currency
UNION ALL
SELECT
    'base_rate_not_one',
    CAST(f.currency AS CHAR(16) CHARACTER SET ascii),
    CAST(COUNT(*) AS SIGNED)
FROM currencies AS u
INNER JOIN fx_rates AS f ON f.currency = u.currency
WHERE u.is_base = 1
    AND f.rate_to_base <> 1
GROUP BY f.currency
UNION ALL
SELECT
    'unconverted_payments',
    CAST(m.metric_date AS CHAR(16) CHARACTER SET ascii),
    CAST(m.unconverted_count AS SIGNED)
FROM metric_day AS m
WHERE m.dimension = 'all'
    AND m.metric_date >= DATE(as_of()) - INTERVAL 30 DAY
    AND m.unconverted_count <> 0;
