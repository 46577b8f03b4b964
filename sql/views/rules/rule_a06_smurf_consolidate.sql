-- rule_a06_smurf_consolidate: A06, money that small deposits of cash in several accounts brought,
-- gathered in one account and sent abroad.
--
-- Grain: one row per payment that leaves.
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
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW rule_a06_smurf_consolidate AS
SELECT STRAIGHT_JOIN
    r.rule_id,
    r.rule_version,
    w.customer_id AS customer_id,
    w.account_id AS account_id,
    w.transaction_id AS transaction_id,
    CAST(w.transaction_time AS DATETIME) AS window_from,
    CAST(w.transaction_time AS DATETIME) AS window_to,
    CAST(COUNT(DISTINCT e.payer_account_id) AS DECIMAL(24, 4)) AS measured_value,
    CAST(need.parameter_value AS DECIMAL(24, 4)) AS threshold_value,
    r.points,
    CAST(
        CONCAT(
            w.base_amount, ' sent abroad after transfers from ', COUNT(DISTINCT e.payer_account_id),
            ' accounts with small deposits of cash')
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM int_active_rule AS r
INNER JOIN rule_parameters AS small
    ON small.rule_id = r.rule_id
        AND small.rule_version = r.rule_version
        AND small.parameter_name = 'maximum_amount'
INNER JOIN rule_parameters AS need
    ON need.rule_id = r.rule_id
        AND need.rule_version = r.rule_version
        AND need.parameter_name = 'minimum_count'
INNER JOIN rule_parameters AS days
    ON days.rule_id = r.rule_id
        AND days.rule_version = r.rule_version
        AND days.parameter_name = 'window_days'
INNER JOIN (
    SELECT STRAIGHT_JOIN
        p.customer_id,
        p.account_id,
        p.risk_date,
        p.transaction_id,
        p.transaction_time,
        p.base_amount
    FROM int_active_rule AS r
    INNER JOIN rule_parameters AS need
        ON need.rule_id = r.rule_id
            AND need.rule_version = r.rule_version
            AND need.parameter_name = 'minimum_count'
    INNER JOIN rule_parameters AS most
        ON most.rule_id = r.rule_id
            AND most.rule_version = r.rule_version
            AND most.parameter_name = 'maximum_count'
    INNER JOIN rule_parameters AS amount
        ON amount.rule_id = r.rule_id
            AND amount.rule_version = r.rule_version
            AND amount.parameter_name = 'minimum_amount'
    INNER JOIN rule_parameters AS share
        ON share.rule_id = r.rule_id
            AND share.rule_version = r.rule_version
            AND share.parameter_name = 'minimum_share'
    INNER JOIN rule_parameters AS days
        ON days.rule_id = r.rule_id
            AND days.rule_version = r.rule_version
            AND days.parameter_name = 'window_days'
    INNER JOIN int_scope_payment AS p ON TRUE
    INNER JOIN customers AS c ON c.customer_id = p.customer_id
    INNER JOIN transfer_day AS g
        ON g.payee_account_id = p.account_id
            AND g.transfer_date > p.risk_date - INTERVAL days.parameter_value DAY
            AND g.transfer_date <= p.risk_date
    WHERE r.rule_id = 'A06'
        AND p.is_new = 1
        AND p.maximum_amount >= amount.parameter_value
        AND p.status = 'completed'
        AND p.base_amount >= amount.parameter_value
        AND (p.transaction_type = 'wire' OR p.counterparty_country <> c.country)
        AND g.first_at <= p.transaction_time
    GROUP BY p.transaction_id
    HAVING COUNT(DISTINCT g.payer_account_id) >= MAX(need.parameter_value)
        -- Who is paid by everybody gathers nothing.
        AND COUNT(DISTINCT g.payer_account_id) <= MAX(most.parameter_value)
        AND SUM(g.transfer_amount) >= MAX(share.parameter_value) * MAX(p.base_amount)
) AS w ON TRUE
INNER JOIN transfer_day AS e
    ON e.payee_account_id = w.account_id
        AND e.transfer_date > w.risk_date - INTERVAL days.parameter_value DAY
        AND e.transfer_date <= w.risk_date
INNER JOIN int_days_back AS n ON n.days < days.parameter_value
INNER JOIN transactions AS h FORCE INDEX (idx_transactions_account_date)
    ON h.account_id = e.payer_account_id
        AND h.transaction_date = e.transfer_date - INTERVAL n.days DAY
WHERE r.rule_id = 'A06'
    AND e.first_at <= w.transaction_time
    AND h.status = 'completed'
    AND h.transaction_type = 'cash_deposit'
    AND h.base_amount < small.parameter_value
    AND h.transaction_time <= e.last_at
GROUP BY w.transaction_id
HAVING COUNT(DISTINCT e.payer_account_id) >= MAX(need.parameter_value);
