-- integrity_state_counts: must be empty: rollup rows of the last two days whose states do not add
-- up to the total.
--
-- Grain: one row per wrong rollup row.
-- Note: each minute is part of an hour, which integrity_rollup_levels compares.
-- Columns:
--   rollup        metric_day or metric_hour
--   dimension     dimension
--   period_from   begin of the period (UTC)
--   member        member
--   total_count   payments
--   states_count  sum over the states
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW integrity_state_counts AS
SELECT
    CAST('metric_day' AS CHAR(16) CHARACTER SET ascii) AS rollup,
    m.dimension,
    CAST(m.metric_date AS DATETIME) AS period_from,
    m.member,
    CAST(m.total_count AS SIGNED) AS total_count,
    CAST(
        -- each state, with + between, in rows: m.{state}_count
        m.created_count + m.pending_count + m.authorized_count + m.completed_count + m.failed_count
            + m.denied_count + m.cancelled_count + m.reversed_count + m.refunded_count
            + m.charged_back_count
        -- end
    AS SIGNED) AS states_count
FROM metric_day AS m
WHERE m.metric_date >= DATE(as_of()) - INTERVAL 1 DAY
    AND m.dimension IN (
        -- each dimension, in rows: '{name}'
        'all', 'transaction_type', 'merchant_category', 'location', 'device_type', 'channel',
        'product', 'acquirer', 'card_scheme', 'response_code'
        -- end
    )
    AND m.total_count <> (
        -- each state, with + between, in rows: m.{state}_count
        m.created_count + m.pending_count + m.authorized_count + m.completed_count + m.failed_count
            + m.denied_count + m.cancelled_count + m.reversed_count + m.refunded_count
            + m.charged_back_count
        -- end
    )
UNION ALL
SELECT
    CAST('metric_hour' AS CHAR(16) CHARACTER SET ascii) AS rollup,
    m.dimension,
    CAST(m.metric_hour AS DATETIME) AS period_from,
    m.member,
    CAST(m.total_count AS SIGNED) AS total_count,
    CAST(
        -- each state, with + between, in rows: m.{state}_count
        m.created_count + m.pending_count + m.authorized_count + m.completed_count + m.failed_count
            + m.denied_count + m.cancelled_count + m.reversed_count + m.refunded_count
            + m.charged_back_count
        -- end
    AS SIGNED) AS states_count
FROM metric_hour AS m
WHERE m.metric_hour >= DATE(as_of()) - INTERVAL 1 DAY
    AND m.dimension IN (
        -- each dimension, in rows: '{name}'
        'all', 'transaction_type', 'merchant_category', 'location', 'device_type', 'channel',
        'product', 'acquirer', 'card_scheme', 'response_code'
        -- end
    )
    AND m.total_count <> (
        -- each state, with + between, in rows: m.{state}_count
        m.created_count + m.pending_count + m.authorized_count + m.completed_count + m.failed_count
            + m.denied_count + m.cancelled_count + m.reversed_count + m.refunded_count
            + m.charged_back_count
        -- end
    );
