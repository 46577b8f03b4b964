-- rule_a21_cycle: A21, money that comes back to where it started, over several accounts.
--
-- Grain: one row per account and day of the first transfer.
-- Note: a walk starts at each account of risk_scope and is bounded in hops, days and amount;
-- every account of a cycle is a start of its own.
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
CREATE OR REPLACE VIEW rule_a21_cycle AS
WITH RECURSIVE setting AS (
    SELECT
        r.rule_id,
        r.rule_version,
        r.points,
        MAX(IF(p.parameter_name = 'minimum_hops', p.parameter_value, NULL)) AS minimum_hops,
        MAX(IF(p.parameter_name = 'maximum_hops', p.parameter_value, NULL)) AS maximum_hops,
        MAX(IF(p.parameter_name = 'window_days', p.parameter_value, NULL)) AS window_days,
        MAX(IF(p.parameter_name = 'amount_tolerance', p.parameter_value, NULL)) AS tolerance
    FROM int_active_rule AS r
    INNER JOIN rule_parameters AS p
        ON p.rule_id = r.rule_id AND p.rule_version = r.rule_version
    WHERE r.rule_id = 'A21'
    GROUP BY r.rule_id, r.rule_version, r.points
),
walk AS (
    SELECT
        s.customer_id,
        s.account_id AS origin_id,
        e.payee_account_id AS last_id,
        e.transfer_date AS first_date,
        e.first_at,
        e.last_at,
        e.first_at AS earliest_at,
        e.maximum_amount AS first_amount,
        1 AS hops,
        CAST(CONCAT(',', s.account_id, ',', e.payee_account_id, ',') AS CHAR(200)) AS path
    FROM setting AS g
    STRAIGHT_JOIN risk_scope AS s
    STRAIGHT_JOIN transfer_day AS e ON e.payer_account_id = s.account_id
    WHERE e.transfer_date >= s.from_date - INTERVAL g.window_days DAY
        AND e.transfer_date <= as_of()
    UNION ALL
    SELECT
        w.customer_id,
        w.origin_id,
        e.payee_account_id,
        w.first_date,
        w.first_at,
        e.last_at,
        GREATEST(w.earliest_at, e.first_at),
        w.first_amount,
        w.hops + 1,
        CONCAT(w.path, e.payee_account_id, ',')
    FROM walk AS w
    STRAIGHT_JOIN setting AS g
    STRAIGHT_JOIN transfer_day AS e FORCE INDEX (PRIMARY)
        ON e.payer_account_id = w.last_id
            AND e.transfer_date >= w.first_date
            AND e.transfer_date <= w.first_date + INTERVAL g.window_days DAY
    WHERE w.last_id <> w.origin_id
        AND w.hops < g.maximum_hops
        -- Money moves on after it has come, and about as much of it.
        AND e.last_at >= w.earliest_at
        AND e.maximum_amount BETWEEN w.first_amount * (1 - g.tolerance)
            AND w.first_amount * (1 + g.tolerance)
        AND (
            e.payee_account_id = w.origin_id
            OR LOCATE(CONCAT(',', e.payee_account_id, ','), w.path) = 0
        )
)
SELECT
    g.rule_id,
    g.rule_version,
    w.customer_id AS customer_id,
    w.origin_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(MIN(w.first_at) AS DATETIME) AS window_from,
    CAST(MAX(w.last_at) AS DATETIME) AS window_to,
    CAST(MAX(w.hops) AS DECIMAL(24, 4)) AS measured_value,
    CAST(MAX(g.minimum_hops) AS DECIMAL(24, 4)) AS threshold_value,
    g.points,
    CAST(
        CONCAT('about ', MAX(w.first_amount), ' came back over ', MAX(w.hops), ' accounts')
    AS CHAR(400)) AS evidence
FROM walk AS w
CROSS JOIN setting AS g
WHERE w.last_id = w.origin_id
    AND w.hops >= g.minimum_hops
GROUP BY w.origin_id, w.first_date;
