-- rule_a22_ping_pong: A22, money that goes to and fro between two accounts.
--
-- Grain: one row per account and day.
-- Note: looks at the new days of risk_scope_day.
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
CREATE OR REPLACE VIEW rule_a22_ping_pong AS
SELECT
    f.rule_id,
    f.rule_version,
    f.customer_id AS customer_id,
    f.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(f.transfer_date AS DATETIME) AS window_from,
    CAST(MAX(f.last_at) AS DATETIME) AS window_to,
    CAST(MAX(LEAST(f.there, f.back)) AS DECIMAL(24, 4)) AS measured_value,
    CAST(f.minimum_count AS DECIMAL(24, 4)) AS threshold_value,
    f.points,
    CAST(
        CONCAT(
            MAX(f.there), ' transfers to one account and ', MAX(f.back), ' from it')
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM (
    SELECT
        r.rule_id,
        r.rule_version,
        r.points,
        d.customer_id,
        d.account_id,
        e.transfer_date,
        e.last_at,
        need.parameter_value AS minimum_count,
        (
            SELECT SUM(h.transfer_count)
            FROM transfer_day AS h
            WHERE h.payer_account_id = e.payer_account_id
                AND h.payee_account_id = e.payee_account_id
                AND h.transfer_date > e.transfer_date - INTERVAL days.parameter_value DAY
                AND h.transfer_date <= e.transfer_date
        ) AS there,
        SUM(b.transfer_count) AS back
    FROM int_active_rule AS r
    INNER JOIN rule_parameters AS need
        ON need.rule_id = r.rule_id
            AND need.rule_version = r.rule_version
            AND need.parameter_name = 'minimum_count'
    INNER JOIN rule_parameters AS days
        ON days.rule_id = r.rule_id
            AND days.rule_version = r.rule_version
            AND days.parameter_name = 'window_days'
    INNER JOIN risk_scope_day AS d ON TRUE
    STRAIGHT_JOIN transfer_day AS e
        ON e.payer_account_id = d.account_id AND e.transfer_date = d.risk_date
    -- The pair is part of one index, and has few rows.
    STRAIGHT_JOIN transfer_day AS b FORCE INDEX (idx_transfer_day_pair)
        ON b.payer_account_id = e.payee_account_id
            AND b.payee_account_id = e.payer_account_id
            AND b.transfer_date > e.transfer_date - INTERVAL days.parameter_value DAY
            AND b.transfer_date <= e.transfer_date
    WHERE r.rule_id = 'A22'
        AND d.is_new = 1
        AND d.transfer_count > 0
    GROUP BY e.payer_account_id, e.payee_account_id, e.transfer_date
) AS f
WHERE f.there >= f.minimum_count
    AND f.back >= f.minimum_count
GROUP BY f.account_id, f.transfer_date;
