-- rule_a21_cycle: A21, money that comes back to where it started.
--
-- Grain: one row per account of a cycle and day on which the last transfer closed it.
-- Note: looks for cycles that a transfer of the new days of risk_scope_day closes: from its payee
-- over transfers of about its amount, one after the other, back to its payer. Does not walk through
-- accounts with more than maximum_degree pairs of payee and day.
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
        MAX(IF(p.parameter_name = 'minimum_amount', p.parameter_value, NULL)) AS minimum_amount,
        MAX(IF(p.parameter_name = 'maximum_degree', p.parameter_value, NULL)) AS maximum_degree,
        MAX(IF(p.parameter_name = 'amount_tolerance', p.parameter_value, NULL)) AS tolerance
    FROM int_active_rule AS r
    INNER JOIN rule_parameters AS p
        ON p.rule_id = r.rule_id AND p.rule_version = r.rule_version
    WHERE r.rule_id = 'A21'
    GROUP BY r.rule_id, r.rule_version, r.points
),
hub AS (
    SELECT h.payer_account_id
    FROM transfer_day AS h
    WHERE h.transfer_date >= (
        SELECT MIN(s.from_date)
        FROM risk_scope AS s
    ) - INTERVAL (SELECT x.window_days FROM setting AS x) DAY
    GROUP BY h.payer_account_id
    HAVING COUNT(*) > (SELECT x.maximum_degree FROM setting AS x)
),
walk AS (
    SELECT
        e.payer_account_id AS target_id,
        e.payee_account_id AS last_id,
        e.transfer_date AS close_date,
        e.last_at AS closed_at,
        CAST('1000-01-01' AS DATETIME) AS earliest_at,
        e.maximum_amount AS amount,
        1 AS hops,
        CAST(CONCAT(',', e.payer_account_id, ',', e.payee_account_id, ',')
        AS CHAR(200) CHARACTER SET ascii) AS path
    FROM setting AS g
    STRAIGHT_JOIN risk_scope_day AS d
    STRAIGHT_JOIN transfer_day AS e
        ON e.payer_account_id = d.account_id AND e.transfer_date = d.risk_date
    WHERE d.is_new = 1
        AND d.transfer_count > 0
        AND e.maximum_amount >= g.minimum_amount
    UNION ALL
    SELECT
        w.target_id,
        e.payee_account_id,
        w.close_date,
        w.closed_at,
        GREATEST(w.earliest_at, e.first_at),
        w.amount,
        w.hops + 1,
        CONCAT(w.path, e.payee_account_id, ',')
    FROM walk AS w
    STRAIGHT_JOIN setting AS g
    STRAIGHT_JOIN transfer_day AS e FORCE INDEX (PRIMARY)
        ON e.payer_account_id = w.last_id
            AND e.transfer_date >= w.close_date - INTERVAL g.window_days DAY
            AND e.transfer_date <= w.close_date
    WHERE w.last_id <> w.target_id
        AND w.hops < g.maximum_hops
        -- Money moves on after it has come, and about as much of it.
        AND e.last_at >= w.earliest_at
        AND e.first_at <= w.closed_at
        AND e.maximum_amount BETWEEN w.amount * (1 - g.tolerance)
            AND w.amount * (1 + g.tolerance)
        AND w.last_id NOT IN (SELECT h.payer_account_id FROM hub AS h)
        AND (
            e.payee_account_id = w.target_id
            OR LOCATE(CONCAT(',', e.payee_account_id, ','), w.path) = 0
        )
)
SELECT STRAIGHT_JOIN
    g.rule_id,
    g.rule_version,
    a.customer_id AS customer_id,
    a.account_id AS account_id,
    CAST(NULL AS SIGNED) AS transaction_id,
    CAST(c.close_date AS DATETIME) AS window_from,
    CAST(MAX(c.closed_at) AS DATETIME) AS window_to,
    CAST(MAX(c.hops) AS DECIMAL(24, 4)) AS measured_value,
    CAST(g.minimum_hops AS DECIMAL(24, 4)) AS threshold_value,
    g.points,
    CAST(
        CONCAT('about ', MAX(c.amount), ' came back over ', MAX(c.hops), ' transfers')
    AS CHAR(400)) COLLATE utf8mb4_general_ci AS evidence
FROM setting AS g
INNER JOIN walk AS c ON c.last_id = c.target_id AND c.hops >= g.minimum_hops
INNER JOIN int_days_back AS n ON n.days < c.hops
INNER JOIN accounts AS a
    ON a.account_id = CAST(
        SUBSTRING_INDEX(SUBSTRING_INDEX(c.path, ',', n.days + 2), ',', -1)
    AS SIGNED)
GROUP BY a.account_id, c.close_date, g.rule_id, g.rule_version, a.customer_id, g.minimum_hops,
    g.points;
