-- rule_a08_volume_24h: A08, much money moved within a day, wherever the day begins.
--
-- Grain: one row per account and day on which such a window ends.
-- Note: looks at the days of risk_scope_day with half of what is needed; window_seconds may be up
-- to 86,400.
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
CREATE OR REPLACE VIEW rule_a08_volume_24h AS
SELECT
    f.rule_id,
    f.rule_version,
    f.customer_id AS customer_id,
    f.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(DATE(f.last_at) AS DATETIME) AS window_from,
    CAST(MAX(f.last_at) AS DATETIME) AS window_to,
    CAST(MAX(f.measured) AS DECIMAL(24, 4)) AS measured_value,
    CAST(f.needed AS DECIMAL(24, 4)) AS threshold_value,
    f.points,
    CAST(CONCAT(MAX(f.measured), ' within the window') AS CHAR(400))
        COLLATE utf8mb4_general_ci AS evidence
FROM (
    SELECT STRAIGHT_JOIN
        r.rule_id,
        r.rule_version,
        r.points,
        d.customer_id,
        d.account_id,
        s.from_date,
        t.transaction_time AS last_at,
        number.parameter_value AS needed,
        -- Seconds scaled to the window, whose begin itself does not belong to it.
        SUM(t.base_amount) OVER (
            PARTITION BY r.rule_id, d.account_id, d.risk_date
            ORDER BY TIMESTAMPDIFF(SECOND, '1970-01-01', t.transaction_time)
                / (span.parameter_value - 0.5e0)
            RANGE BETWEEN 1 PRECEDING AND CURRENT ROW
        ) AS measured
    FROM int_active_rule AS r
    INNER JOIN rule_parameters AS number
        ON number.rule_id = r.rule_id
            AND number.rule_version = r.rule_version
            AND number.parameter_name = 'minimum_amount'
    INNER JOIN rule_parameters AS span
        ON span.rule_id = r.rule_id
            AND span.rule_version = r.rule_version
            AND span.parameter_name = 'window_seconds'
    INNER JOIN risk_scope_day AS d ON TRUE
    STRAIGHT_JOIN risk_scope AS s ON s.account_id = d.account_id
    STRAIGHT_JOIN int_days_back AS n ON n.days <= 2
    STRAIGHT_JOIN transactions AS t FORCE INDEX (idx_transactions_account_date)
        ON t.account_id = d.account_id
            AND t.transaction_date = d.risk_date + INTERVAL 1 - n.days DAY
    WHERE r.rule_id = 'A08'
        -- A window of up to a day lies in two days at most: one of them has half of it.
        AND d.completed_amount > number.parameter_value / 2
        AND d.risk_date >= s.from_date - INTERVAL 1 DAY
        AND t.transaction_time > s.from_date - INTERVAL span.parameter_value SECOND
        AND t.transaction_time > d.risk_date - INTERVAL span.parameter_value SECOND
        AND t.transaction_time
            < d.risk_date + INTERVAL 1 DAY + INTERVAL span.parameter_value SECOND
        AND t.transaction_time <= as_of()
        AND t.status = 'completed'
) AS f
WHERE f.last_at >= f.from_date
    AND f.measured > f.needed
GROUP BY f.rule_id, f.account_id, CAST(DATE(f.last_at) AS DATETIME), f.rule_version,
    f.customer_id, f.needed, f.points;
