-- exposure_value_days: value-days: amount times days overdue, to the hour.
--
-- Grain: one row per component.
-- Note: a payment is overdue from the age that payment_states allows (created counts as pending), a
-- settlement from due_at. Days are days of 86,400 seconds, holidays included.
-- Columns:
--   component        pending_payments, authorized_payments or unsettled_settlements
--   exposure_amount  amount of the component, base currency
--   overdue_amount   amount that is overdue, base currency
--   value_days       sum of amount times days overdue, base currency times days
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW exposure_value_days AS
SELECT
    CAST('pending_payments' AS CHAR(24) CHARACTER SET ascii) AS component,
    CAST(COALESCE(SUM(h.pending_amount), 0) AS DECIMAL(21, 4)) AS exposure_amount,
    CAST(COALESCE(SUM(IF(
        h.metric_hour < as_of() - INTERVAL s.maximum_age_seconds SECOND,
        h.pending_amount,
        0
    )), 0) AS DECIMAL(21, 4)) AS overdue_amount,
    CAST(1.000000 * COALESCE(SUM(
        h.pending_amount * GREATEST(
            0,
            TIMESTAMPDIFF(SECOND, h.metric_hour, as_of())
                - CAST(s.maximum_age_seconds AS SIGNED)
        )
    ), 0) / 86400 AS DECIMAL(25, 4)) AS value_days
FROM metric_hour AS h
INNER JOIN payment_states AS s ON s.state = 'pending'
WHERE h.dimension = 'all'
    AND h.pending_amount > 0
UNION ALL
SELECT
    'authorized_payments',
    CAST(COALESCE(SUM(h.authorized_amount), 0) AS DECIMAL(21, 4)),
    CAST(COALESCE(SUM(IF(
        h.metric_hour < as_of() - INTERVAL s.maximum_age_seconds SECOND,
        h.authorized_amount,
        0
    )), 0) AS DECIMAL(21, 4)),
    CAST(1.000000 * COALESCE(SUM(
        h.authorized_amount * GREATEST(
            0,
            TIMESTAMPDIFF(SECOND, h.metric_hour, as_of())
                - CAST(s.maximum_age_seconds AS SIGNED)
        )
    ), 0) / 86400 AS DECIMAL(25, 4))
FROM metric_hour AS h
INNER JOIN payment_states AS s ON s.state = 'authorized'
WHERE h.dimension = 'all'
    AND h.authorized_amount > 0
UNION ALL
SELECT
    'unsettled_settlements',
    CAST(COALESCE(SUM(t.pending_amount), 0) AS DECIMAL(21, 4)),
    CAST(COALESCE(SUM(IF(t.due_hour < as_of(), t.pending_amount, 0)), 0) AS DECIMAL(21, 4)),
    CAST(1.000000 * COALESCE(SUM(
        t.pending_amount * GREATEST(0, TIMESTAMPDIFF(SECOND, t.due_hour, as_of()))
    ), 0) / 86400 AS DECIMAL(25, 4))
FROM settlement_hour AS t
WHERE t.pending_amount > 0;
