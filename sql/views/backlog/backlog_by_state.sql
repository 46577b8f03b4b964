-- backlog_by_state: open payments by state: how many, how much, how old, how many too old.
--
-- Grain: one row per non-terminal state.
-- Note: counts and amounts come from the rollups, ages from the payments themselves.
-- Columns:
--   state                     non-terminal state
--   sort_order                position in the life of a payment
--   open_count                payments in the state
--   open_amount               their amount, base currency
--   oldest_at                 time of the oldest attempt (UTC)
--   oldest_age_seconds        age of the oldest since its attempt, seconds
--   oldest_state_since        earliest entry into the state among those too old, else entry of the
--                             oldest attempt (UTC)
--   oldest_state_age_seconds  age since then, seconds
--   maximum_age_seconds       age in the state that is allowed, seconds
--   over_age_count            payments longer in the state than allowed
--   over_age_amount           their amount, base currency
--   over_age_ratio            over_age_count / open_count
-- NULL: the oldest instants and ages are NULL for an empty state, over_age_ratio too.
CREATE OR REPLACE VIEW backlog_by_state AS
SELECT
    b.state,
    b.sort_order,
    CAST(b.open_count AS SIGNED) AS open_count,
    CAST(b.open_amount AS DECIMAL(21, 4)) AS open_amount,
    b.oldest_at,
    CAST(TIMESTAMPDIFF(SECOND, b.oldest_at, as_of()) AS SIGNED) AS oldest_age_seconds,
    COALESCE(o.oldest_state_since, b.first_state_since) AS oldest_state_since,
    CAST(
        TIMESTAMPDIFF(SECOND, COALESCE(o.oldest_state_since, b.first_state_since), as_of())
    AS SIGNED) AS oldest_state_age_seconds,
    CAST(b.maximum_age_seconds AS SIGNED) AS maximum_age_seconds,
    CAST(COALESCE(o.over_age_count, 0) AS SIGNED) AS over_age_count,
    CAST(COALESCE(o.over_age_amount, 0) AS DECIMAL(21, 4)) AS over_age_amount,
    CAST(
        1.000000 * (COALESCE(o.over_age_count, 0))
        / NULLIF(b.open_count, 0)
    AS DECIMAL(9, 6)) AS over_age_ratio
FROM int_backlog_state AS b
LEFT JOIN (
    SELECT
        p.state,
        COUNT(*) AS over_age_count,
        SUM(p.base_amount) AS over_age_amount,
        MIN(p.state_since) AS oldest_state_since
    FROM int_stuck_payment AS p
    GROUP BY p.state
) AS o ON o.state = b.state;
