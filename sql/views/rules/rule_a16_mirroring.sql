-- rule_a16_mirroring: A16, money that leaves as it came: one payment of nearly the amount of one
-- that came in shortly before.
--
-- Grain: one row per payment.
-- Note: looks at the new days of risk_scope_day; window_seconds may be up to 86,400. Of several
-- transfers from one account on one day the largest is compared.
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
CREATE OR REPLACE VIEW rule_a16_mirroring AS
SELECT
    f.rule_id,
    f.rule_version,
    f.customer_id AS customer_id,
    f.account_id AS account_id,
    f.transaction_id AS transaction_id,
    CAST(f.transaction_time AS DATETIME) AS window_from,
    CAST(f.transaction_time AS DATETIME) AS window_to,
    CAST(MAX(1.000000 * f.base_amount / f.in_amount) AS DECIMAL(24, 4)) AS measured_value,
    CAST(f.minimum_share AS DECIMAL(24, 4)) AS threshold_value,
    f.points,
    CAST(CONCAT(f.base_amount, ' out, ', MAX(f.in_amount), ' in before') AS CHAR(400))
        COLLATE utf8mb4_general_ci AS evidence
FROM (
    SELECT STRAIGHT_JOIN
        r.rule_id,
        r.rule_version,
        r.points,
        share.parameter_value AS minimum_share,
        p.customer_id,
        p.account_id,
        p.transaction_id,
        p.transaction_time,
        p.base_amount,
        i.base_amount AS in_amount
    FROM int_active_rule AS r
    INNER JOIN rule_parameters AS amount
        ON amount.rule_id = r.rule_id
            AND amount.rule_version = r.rule_version
            AND amount.parameter_name = 'minimum_amount'
    INNER JOIN rule_parameters AS share
        ON share.rule_id = r.rule_id
            AND share.rule_version = r.rule_version
            AND share.parameter_name = 'minimum_share'
    INNER JOIN rule_parameters AS span
        ON span.rule_id = r.rule_id
            AND span.rule_version = r.rule_version
            AND span.parameter_name = 'window_seconds'
    INNER JOIN int_scope_payment AS p ON TRUE
    STRAIGHT_JOIN transaction_types AS y ON y.transaction_type = p.transaction_type
    STRAIGHT_JOIN int_days_back AS n ON n.days <= 1
    STRAIGHT_JOIN transactions AS i FORCE INDEX (idx_transactions_account_date)
        ON i.account_id = p.account_id AND i.transaction_date = p.risk_date - INTERVAL n.days DAY
    STRAIGHT_JOIN transaction_types AS z ON z.transaction_type = i.transaction_type
    WHERE r.rule_id = 'A16'
        AND p.is_new = 1
        AND p.maximum_amount >= amount.parameter_value
        AND p.status = 'completed'
        AND p.base_amount >= amount.parameter_value
        AND y.is_outgoing = 1
        AND i.status = 'completed'
        AND i.transaction_time <= p.transaction_time
        AND i.transaction_time >= p.transaction_time - INTERVAL span.parameter_value SECOND
        AND p.base_amount BETWEEN share.parameter_value * i.base_amount AND i.base_amount
        AND z.is_outgoing = 0
    UNION ALL
    SELECT STRAIGHT_JOIN
        r.rule_id,
        r.rule_version,
        r.points,
        share.parameter_value,
        p.customer_id,
        p.account_id,
        p.transaction_id,
        p.transaction_time,
        p.base_amount,
        e.maximum_amount
    FROM int_active_rule AS r
    INNER JOIN rule_parameters AS amount
        ON amount.rule_id = r.rule_id
            AND amount.rule_version = r.rule_version
            AND amount.parameter_name = 'minimum_amount'
    INNER JOIN rule_parameters AS share
        ON share.rule_id = r.rule_id
            AND share.rule_version = r.rule_version
            AND share.parameter_name = 'minimum_share'
    INNER JOIN rule_parameters AS span
        ON span.rule_id = r.rule_id
            AND span.rule_version = r.rule_version
            AND span.parameter_name = 'window_seconds'
    INNER JOIN int_scope_payment AS p ON TRUE
    STRAIGHT_JOIN transaction_types AS y ON y.transaction_type = p.transaction_type
    STRAIGHT_JOIN int_days_back AS n ON n.days <= 1
    STRAIGHT_JOIN transfer_day AS e
        ON e.payee_account_id = p.account_id
            AND e.transfer_date = p.risk_date - INTERVAL n.days DAY
    WHERE r.rule_id = 'A16'
        AND p.is_new = 1
        AND p.maximum_amount >= amount.parameter_value
        AND p.status = 'completed'
        AND p.base_amount >= amount.parameter_value
        AND y.is_outgoing = 1
        AND e.first_at <= p.transaction_time
        AND e.last_at >= p.transaction_time - INTERVAL span.parameter_value SECOND
        AND p.base_amount BETWEEN share.parameter_value * e.maximum_amount AND e.maximum_amount
) AS f
GROUP BY f.transaction_id, f.rule_id, f.rule_version, f.customer_id, f.account_id,
    f.transaction_time, f.base_amount, f.minimum_share, f.points;
