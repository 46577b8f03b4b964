-- rule_a28_risky_country: A28, payments with countries on a list of high risk: one with a black
-- one, or several with grey ones.
--
-- Grain: one row per account and day.
-- Note: looks at the new days of risk_scope_day, and back over the window from there.
-- Columns:
--   rule_id          rule
--   rule_version     version of its parameters
--   customer_id      customer
--   account_id       account
--   transaction_id   payment
--   window_from      begin of the window (UTC)
--   window_to        end of the window (UTC)
--   measured_value   what was measured
--   threshold_value  what it was compared with
--   points           points of a hit
--   evidence         what was seen, in words
-- NULL: transaction_id is NULL.
CREATE OR REPLACE VIEW rule_a28_risky_country AS
SELECT
    f.rule_id,
    f.rule_version,
    f.customer_id AS customer_id,
    f.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(f.risk_date AS DATETIME) AS window_from,
    CAST(MAX(f.last_at) AS DATETIME) AS window_to,
    CAST(SUM(f.black_count) + SUM(f.grey_count) AS DECIMAL(24, 4)) AS measured_value,
    CAST(MAX(f.grey_needed) AS DECIMAL(24, 4)) AS threshold_value,
    f.points,
    CAST(
        CONCAT(
            SUM(f.black_count), ' payments with black listed countries, ', SUM(f.grey_count),
            ' with grey')
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM (
    SELECT STRAIGHT_JOIN
        r.rule_id,
        r.rule_version,
        r.points,
        black.parameter_value AS black_needed,
        grey.parameter_value AS grey_needed,
        d.customer_id,
        d.account_id,
        d.risk_date,
        t.transaction_time AS last_at,
        c.country_list = 'black' AS black_count,
        c.country_list = 'grey' AS grey_count
    FROM int_active_rule AS r
    INNER JOIN rule_parameters AS black
        ON black.rule_id = r.rule_id
            AND black.rule_version = r.rule_version
            AND black.parameter_name = 'minimum_count_black'
    INNER JOIN rule_parameters AS grey
        ON grey.rule_id = r.rule_id
            AND grey.rule_version = r.rule_version
            AND grey.parameter_name = 'minimum_count_grey'
    INNER JOIN rule_parameters AS days
        ON days.rule_id = r.rule_id
            AND days.rule_version = r.rule_version
            AND days.parameter_name = 'window_days'
    INNER JOIN risk_scope_day AS d ON TRUE
    INNER JOIN int_days_back AS n ON n.days < days.parameter_value
    INNER JOIN transactions AS t FORCE INDEX (idx_transactions_account_date)
        ON t.account_id = d.account_id AND t.transaction_date = d.risk_date - INTERVAL n.days DAY
    INNER JOIN country_risks AS c
        ON c.country = t.counterparty_country
            AND c.listed_from <= t.transaction_date
            AND COALESCE(c.listed_until, '9999-12-31') > t.transaction_date
    WHERE r.rule_id = 'A28'
        AND d.is_new = 1
        AND d.risky_country_count > 0
        AND t.status = 'completed'
        AND t.transaction_time <= as_of()
) AS f
GROUP BY f.account_id, f.risk_date
HAVING (SUM(f.black_count) >= MAX(f.black_needed) OR SUM(f.grey_count) >= MAX(f.grey_needed))
    AND DATE(MAX(f.last_at)) = f.risk_date;
