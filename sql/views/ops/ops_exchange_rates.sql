-- ops_exchange_rates: how old the newest exchange rate of each currency in use is.
--
-- Grain: one row per currency of an account that has a rate.
-- Columns:
--   currency   currency (ISO 4217)
--   rate_date  day of the newest rate
--   age_days   age, days
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW ops_exchange_rates AS
SELECT
    f.currency,
    MAX(f.rate_date) AS rate_date,
    CAST(TIMESTAMPDIFF(DAY, MAX(f.rate_date), DATE(as_of())) AS SIGNED) AS age_days
FROM fx_rates AS f
INNER JOIN (
    SELECT DISTINCT a.currency
    FROM accounts AS a
) AS u ON u.currency = f.currency
GROUP BY f.currency;
