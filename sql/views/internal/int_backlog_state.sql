-- int_backlog_state: open payments by state, with their oldest instants.
--
-- Grain: one row per non-terminal state.
-- Columns:
--   state                non-terminal state
--   sort_order           position in the life of a payment
--   maximum_age_seconds  age in the state that is allowed, seconds
--   open_count           payments in the state
--   open_amount          their amount, base currency
--   oldest_at            time of the oldest attempt (UTC)
--   first_state_since    when the oldest attempt entered the state (UTC)
-- NULL: oldest_at and first_state_since are NULL for an empty state.
CREATE OR REPLACE VIEW int_backlog_state AS
SELECT
    s.state,
    s.sort_order,
    s.maximum_age_seconds,
    CASE s.state
        WHEN 'created' THEN m.created_count
        WHEN 'pending' THEN m.pending_count
        WHEN 'authorized' THEN m.authorized_count
    END AS open_count,
    CASE s.state
        WHEN 'created' THEN c.created_amount
        WHEN 'pending' THEN m.pending_amount - c.created_amount
        WHEN 'authorized' THEN m.authorized_amount
    END AS open_amount,
    CASE s.state
        WHEN 'created' THEN (
            SELECT MIN(t.transaction_time) FROM transactions AS t WHERE t.status = 'created'
        )
        WHEN 'pending' THEN (
            SELECT MIN(t.transaction_time) FROM transactions AS t WHERE t.status = 'pending'
        )
        WHEN 'authorized' THEN (
            SELECT MIN(t.transaction_time) FROM transactions AS t WHERE t.status = 'authorized'
        )
    END AS oldest_at,
    CASE s.state
        WHEN 'created' THEN (
            SELECT MIN(COALESCE(t.status_changed_at, t.transaction_time))
            FROM transactions AS t
            WHERE t.status = 'created'
                AND t.transaction_time = (
                    SELECT MIN(f.transaction_time)
                    FROM transactions AS f
                    WHERE f.status = 'created'
                )
        )
        WHEN 'pending' THEN (
            SELECT MIN(COALESCE(t.status_changed_at, t.transaction_time))
            FROM transactions AS t
            WHERE t.status = 'pending'
                AND t.transaction_time = (
                    SELECT MIN(f.transaction_time)
                    FROM transactions AS f
                    WHERE f.status = 'pending'
                )
        )
        WHEN 'authorized' THEN (
            SELECT MIN(COALESCE(t.status_changed_at, t.transaction_time))
            FROM transactions AS t
            WHERE t.status = 'authorized'
                AND t.transaction_time = (
                    SELECT MIN(f.transaction_time)
                    FROM transactions AS f
                    WHERE f.status = 'authorized'
                )
        )
    END AS first_state_since
FROM payment_states AS s
CROSS JOIN (
    SELECT
        COALESCE(SUM(d.created_count), 0) AS created_count,
        COALESCE(SUM(d.pending_count), 0) AS pending_count,
        COALESCE(SUM(d.authorized_count), 0) AS authorized_count,
        COALESCE(SUM(d.pending_amount), 0) AS pending_amount,
        COALESCE(SUM(d.authorized_amount), 0) AS authorized_amount
    FROM metric_day AS d
    WHERE d.dimension = 'all'
) AS m
CROSS JOIN (
    SELECT COALESCE(SUM(t.base_amount), 0) AS created_amount
    FROM transactions AS t
    WHERE t.status = 'created'
) AS c
WHERE s.is_terminal = 0;
