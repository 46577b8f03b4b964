DELIMITER $$

CREATE OR REPLACE PROCEDURE compare_rollup_day(
    IN in_date DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Writes into the temporary table rollup_differences every key of the rollups of one UTC day whose columns differ from the delta_... tables. Helper: joins the transaction of the caller'
BEGIN
    INSERT INTO rollup_differences
    SELECT
        'metric_minute',
        u.dimension,
        u.metric_minute,
        u.member,
        NULL,
        CAST(SUM(IF(u.is_expected = 1, u.total_count, 0)) AS INT),
        CAST(SUM(IF(u.is_expected = 0, u.total_count, 0)) AS INT),
        CONCAT_WS(', ',
            IF(SUM(IF(u.is_expected = 1, u.total_count, -u.total_count)) <> 0, 'total_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.created_count, -u.created_count)) <> 0, 'created_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.pending_count, -u.pending_count)) <> 0, 'pending_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.authorized_count, -u.authorized_count)) <> 0, 'authorized_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.completed_count, -u.completed_count)) <> 0, 'completed_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.failed_count, -u.failed_count)) <> 0, 'failed_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.denied_count, -u.denied_count)) <> 0, 'denied_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.cancelled_count, -u.cancelled_count)) <> 0, 'cancelled_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.reversed_count, -u.reversed_count)) <> 0, 'reversed_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.refunded_count, -u.refunded_count)) <> 0, 'refunded_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.charged_back_count, -u.charged_back_count)) <> 0, 'charged_back_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.final_attempt_count, -u.final_attempt_count)) <> 0, 'final_attempt_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.final_captured_count, -u.final_captured_count)) <> 0, 'final_captured_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.unconverted_count, -u.unconverted_count)) <> 0, 'unconverted_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.answered_count, -u.answered_count)) <> 0, 'answered_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.duration_sum_ms, -u.duration_sum_ms)) <> 0, 'duration_sum_ms', NULL),
            IF(SUM(IF(u.is_expected = 1, u.total_amount, -u.total_amount)) <> 0, 'total_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.pending_amount, -u.pending_amount)) <> 0, 'pending_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.authorized_amount, -u.authorized_amount)) <> 0, 'authorized_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.completed_amount, -u.completed_amount)) <> 0, 'completed_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.failed_amount, -u.failed_amount)) <> 0, 'failed_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.denied_amount, -u.denied_amount)) <> 0, 'denied_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.reversed_amount, -u.reversed_amount)) <> 0, 'reversed_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.refunded_amount, -u.refunded_amount)) <> 0, 'refunded_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.charged_back_amount, -u.charged_back_amount)) <> 0, 'charged_back_amount', NULL))
    FROM (
        SELECT
            1 AS is_expected,
            d.dimension AS dimension,
            d.metric_minute AS metric_minute,
            d.member AS member,
            d.total_count,
            d.created_count,
            d.pending_count,
            d.authorized_count,
            d.completed_count,
            d.failed_count,
            d.denied_count,
            d.cancelled_count,
            d.reversed_count,
            d.refunded_count,
            d.charged_back_count,
            d.final_attempt_count,
            d.final_captured_count,
            d.unconverted_count,
            d.answered_count,
            d.duration_sum_ms,
            d.total_amount,
            d.pending_amount,
            d.authorized_amount,
            d.completed_amount,
            d.failed_amount,
            d.denied_amount,
            d.reversed_amount,
            d.refunded_amount,
            d.charged_back_amount
        FROM delta_metric AS d
        UNION ALL
        SELECT
            0,
            a.dimension,
            a.metric_minute,
            a.member,
            a.total_count,
            a.created_count,
            a.pending_count,
            a.authorized_count,
            a.completed_count,
            a.failed_count,
            a.denied_count,
            a.cancelled_count,
            a.reversed_count,
            a.refunded_count,
            a.charged_back_count,
            a.final_attempt_count,
            a.final_captured_count,
            a.unconverted_count,
            a.answered_count,
            a.duration_sum_ms,
            a.total_amount,
            a.pending_amount,
            a.authorized_amount,
            a.completed_amount,
            a.failed_amount,
            a.denied_amount,
            a.reversed_amount,
            a.refunded_amount,
            a.charged_back_amount
        FROM metric_minute AS a
        WHERE a.dimension IN (
                'all', 'transaction_type', 'merchant_category', 'location', 'device_type',
                'channel', 'product', 'acquirer', 'card_scheme', 'response_code')
            AND a.metric_minute >= in_date AND a.metric_minute < in_date + INTERVAL 1 DAY
    ) AS u
    GROUP BY u.dimension, u.metric_minute, u.member
    HAVING
        SUM(IF(u.is_expected = 1, u.total_count, -u.total_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.created_count, -u.created_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.pending_count, -u.pending_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.authorized_count, -u.authorized_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.completed_count, -u.completed_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.failed_count, -u.failed_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.denied_count, -u.denied_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.cancelled_count, -u.cancelled_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.reversed_count, -u.reversed_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.refunded_count, -u.refunded_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.charged_back_count, -u.charged_back_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.final_attempt_count, -u.final_attempt_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.final_captured_count, -u.final_captured_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.unconverted_count, -u.unconverted_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.answered_count, -u.answered_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.duration_sum_ms, -u.duration_sum_ms)) <> 0
        OR SUM(IF(u.is_expected = 1, u.total_amount, -u.total_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.pending_amount, -u.pending_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.authorized_amount, -u.authorized_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.completed_amount, -u.completed_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.failed_amount, -u.failed_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.denied_amount, -u.denied_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.reversed_amount, -u.reversed_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.refunded_amount, -u.refunded_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.charged_back_amount, -u.charged_back_amount)) <> 0;

    INSERT INTO rollup_differences
    SELECT
        'metric_hour',
        u.dimension,
        u.metric_hour,
        u.member,
        NULL,
        CAST(SUM(IF(u.is_expected = 1, u.total_count, 0)) AS INT),
        CAST(SUM(IF(u.is_expected = 0, u.total_count, 0)) AS INT),
        CONCAT_WS(', ',
            IF(SUM(IF(u.is_expected = 1, u.total_count, -u.total_count)) <> 0, 'total_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.created_count, -u.created_count)) <> 0, 'created_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.pending_count, -u.pending_count)) <> 0, 'pending_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.authorized_count, -u.authorized_count)) <> 0, 'authorized_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.completed_count, -u.completed_count)) <> 0, 'completed_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.failed_count, -u.failed_count)) <> 0, 'failed_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.denied_count, -u.denied_count)) <> 0, 'denied_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.cancelled_count, -u.cancelled_count)) <> 0, 'cancelled_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.reversed_count, -u.reversed_count)) <> 0, 'reversed_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.refunded_count, -u.refunded_count)) <> 0, 'refunded_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.charged_back_count, -u.charged_back_count)) <> 0, 'charged_back_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.final_attempt_count, -u.final_attempt_count)) <> 0, 'final_attempt_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.final_captured_count, -u.final_captured_count)) <> 0, 'final_captured_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.unconverted_count, -u.unconverted_count)) <> 0, 'unconverted_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.answered_count, -u.answered_count)) <> 0, 'answered_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.duration_sum_ms, -u.duration_sum_ms)) <> 0, 'duration_sum_ms', NULL),
            IF(SUM(IF(u.is_expected = 1, u.total_amount, -u.total_amount)) <> 0, 'total_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.pending_amount, -u.pending_amount)) <> 0, 'pending_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.authorized_amount, -u.authorized_amount)) <> 0, 'authorized_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.completed_amount, -u.completed_amount)) <> 0, 'completed_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.failed_amount, -u.failed_amount)) <> 0, 'failed_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.denied_amount, -u.denied_amount)) <> 0, 'denied_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.reversed_amount, -u.reversed_amount)) <> 0, 'reversed_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.refunded_amount, -u.refunded_amount)) <> 0, 'refunded_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.charged_back_amount, -u.charged_back_amount)) <> 0, 'charged_back_amount', NULL))
    FROM (
        SELECT
            1 AS is_expected,
            d.dimension AS dimension,
            d.metric_minute - INTERVAL MINUTE(d.metric_minute) MINUTE AS metric_hour,
            d.member AS member,
            d.total_count,
            d.created_count,
            d.pending_count,
            d.authorized_count,
            d.completed_count,
            d.failed_count,
            d.denied_count,
            d.cancelled_count,
            d.reversed_count,
            d.refunded_count,
            d.charged_back_count,
            d.final_attempt_count,
            d.final_captured_count,
            d.unconverted_count,
            d.answered_count,
            d.duration_sum_ms,
            d.total_amount,
            d.pending_amount,
            d.authorized_amount,
            d.completed_amount,
            d.failed_amount,
            d.denied_amount,
            d.reversed_amount,
            d.refunded_amount,
            d.charged_back_amount
        FROM delta_metric AS d
        UNION ALL
        SELECT
            0,
            a.dimension,
            a.metric_hour,
            a.member,
            a.total_count,
            a.created_count,
            a.pending_count,
            a.authorized_count,
            a.completed_count,
            a.failed_count,
            a.denied_count,
            a.cancelled_count,
            a.reversed_count,
            a.refunded_count,
            a.charged_back_count,
            a.final_attempt_count,
            a.final_captured_count,
            a.unconverted_count,
            a.answered_count,
            a.duration_sum_ms,
            a.total_amount,
            a.pending_amount,
            a.authorized_amount,
            a.completed_amount,
            a.failed_amount,
            a.denied_amount,
            a.reversed_amount,
            a.refunded_amount,
            a.charged_back_amount
        FROM metric_hour AS a
        WHERE a.dimension IN (
                'all', 'transaction_type', 'merchant_category', 'location', 'device_type',
                'channel', 'product', 'acquirer', 'card_scheme', 'response_code')
            AND a.metric_hour >= in_date AND a.metric_hour < in_date + INTERVAL 1 DAY
    ) AS u
    GROUP BY u.dimension, u.metric_hour, u.member
    HAVING
        SUM(IF(u.is_expected = 1, u.total_count, -u.total_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.created_count, -u.created_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.pending_count, -u.pending_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.authorized_count, -u.authorized_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.completed_count, -u.completed_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.failed_count, -u.failed_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.denied_count, -u.denied_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.cancelled_count, -u.cancelled_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.reversed_count, -u.reversed_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.refunded_count, -u.refunded_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.charged_back_count, -u.charged_back_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.final_attempt_count, -u.final_attempt_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.final_captured_count, -u.final_captured_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.unconverted_count, -u.unconverted_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.answered_count, -u.answered_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.duration_sum_ms, -u.duration_sum_ms)) <> 0
        OR SUM(IF(u.is_expected = 1, u.total_amount, -u.total_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.pending_amount, -u.pending_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.authorized_amount, -u.authorized_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.completed_amount, -u.completed_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.failed_amount, -u.failed_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.denied_amount, -u.denied_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.reversed_amount, -u.reversed_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.refunded_amount, -u.refunded_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.charged_back_amount, -u.charged_back_amount)) <> 0;

    INSERT INTO rollup_differences
    SELECT
        'metric_day',
        u.dimension,
        u.metric_date,
        u.member,
        NULL,
        CAST(SUM(IF(u.is_expected = 1, u.total_count, 0)) AS INT),
        CAST(SUM(IF(u.is_expected = 0, u.total_count, 0)) AS INT),
        CONCAT_WS(', ',
            IF(SUM(IF(u.is_expected = 1, u.total_count, -u.total_count)) <> 0, 'total_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.created_count, -u.created_count)) <> 0, 'created_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.pending_count, -u.pending_count)) <> 0, 'pending_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.authorized_count, -u.authorized_count)) <> 0, 'authorized_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.completed_count, -u.completed_count)) <> 0, 'completed_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.failed_count, -u.failed_count)) <> 0, 'failed_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.denied_count, -u.denied_count)) <> 0, 'denied_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.cancelled_count, -u.cancelled_count)) <> 0, 'cancelled_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.reversed_count, -u.reversed_count)) <> 0, 'reversed_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.refunded_count, -u.refunded_count)) <> 0, 'refunded_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.charged_back_count, -u.charged_back_count)) <> 0, 'charged_back_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.final_attempt_count, -u.final_attempt_count)) <> 0, 'final_attempt_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.final_captured_count, -u.final_captured_count)) <> 0, 'final_captured_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.unconverted_count, -u.unconverted_count)) <> 0, 'unconverted_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.answered_count, -u.answered_count)) <> 0, 'answered_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.duration_sum_ms, -u.duration_sum_ms)) <> 0, 'duration_sum_ms', NULL),
            IF(SUM(IF(u.is_expected = 1, u.total_amount, -u.total_amount)) <> 0, 'total_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.pending_amount, -u.pending_amount)) <> 0, 'pending_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.authorized_amount, -u.authorized_amount)) <> 0, 'authorized_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.completed_amount, -u.completed_amount)) <> 0, 'completed_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.failed_amount, -u.failed_amount)) <> 0, 'failed_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.denied_amount, -u.denied_amount)) <> 0, 'denied_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.reversed_amount, -u.reversed_amount)) <> 0, 'reversed_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.refunded_amount, -u.refunded_amount)) <> 0, 'refunded_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.charged_back_amount, -u.charged_back_amount)) <> 0, 'charged_back_amount', NULL))
    FROM (
        SELECT
            1 AS is_expected,
            d.dimension AS dimension,
            in_date AS metric_date,
            d.member AS member,
            d.total_count,
            d.created_count,
            d.pending_count,
            d.authorized_count,
            d.completed_count,
            d.failed_count,
            d.denied_count,
            d.cancelled_count,
            d.reversed_count,
            d.refunded_count,
            d.charged_back_count,
            d.final_attempt_count,
            d.final_captured_count,
            d.unconverted_count,
            d.answered_count,
            d.duration_sum_ms,
            d.total_amount,
            d.pending_amount,
            d.authorized_amount,
            d.completed_amount,
            d.failed_amount,
            d.denied_amount,
            d.reversed_amount,
            d.refunded_amount,
            d.charged_back_amount
        FROM delta_metric AS d
        UNION ALL
        SELECT
            0,
            a.dimension,
            a.metric_date,
            a.member,
            a.total_count,
            a.created_count,
            a.pending_count,
            a.authorized_count,
            a.completed_count,
            a.failed_count,
            a.denied_count,
            a.cancelled_count,
            a.reversed_count,
            a.refunded_count,
            a.charged_back_count,
            a.final_attempt_count,
            a.final_captured_count,
            a.unconverted_count,
            a.answered_count,
            a.duration_sum_ms,
            a.total_amount,
            a.pending_amount,
            a.authorized_amount,
            a.completed_amount,
            a.failed_amount,
            a.denied_amount,
            a.reversed_amount,
            a.refunded_amount,
            a.charged_back_amount
        FROM metric_day AS a
        WHERE a.dimension IN (
                'all', 'transaction_type', 'merchant_category', 'location', 'device_type',
                'channel', 'product', 'acquirer', 'card_scheme', 'response_code')
            AND a.metric_date = in_date
    ) AS u
    GROUP BY u.dimension, u.metric_date, u.member
    HAVING
        SUM(IF(u.is_expected = 1, u.total_count, -u.total_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.created_count, -u.created_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.pending_count, -u.pending_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.authorized_count, -u.authorized_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.completed_count, -u.completed_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.failed_count, -u.failed_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.denied_count, -u.denied_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.cancelled_count, -u.cancelled_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.reversed_count, -u.reversed_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.refunded_count, -u.refunded_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.charged_back_count, -u.charged_back_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.final_attempt_count, -u.final_attempt_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.final_captured_count, -u.final_captured_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.unconverted_count, -u.unconverted_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.answered_count, -u.answered_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.duration_sum_ms, -u.duration_sum_ms)) <> 0
        OR SUM(IF(u.is_expected = 1, u.total_amount, -u.total_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.pending_amount, -u.pending_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.authorized_amount, -u.authorized_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.completed_amount, -u.completed_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.failed_amount, -u.failed_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.denied_amount, -u.denied_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.reversed_amount, -u.reversed_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.refunded_amount, -u.refunded_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.charged_back_amount, -u.charged_back_amount)) <> 0;

    INSERT INTO rollup_differences
    SELECT
        'latency_minute',
        'all',
        u.metric_minute,
        'all',
        u.latency_bin,
        CAST(SUM(IF(u.is_expected = 1, u.answered_count, 0)) AS INT),
        CAST(SUM(IF(u.is_expected = 0, u.answered_count, 0)) AS INT),
        CONCAT_WS(', ',
            IF(SUM(IF(u.is_expected = 1, u.answered_count, -u.answered_count)) <> 0, 'answered_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.failed_count, -u.failed_count)) <> 0, 'failed_count', NULL))
    FROM (
        SELECT
            1 AS is_expected,
            d.metric_minute AS metric_minute,
            d.latency_bin AS latency_bin,
            d.answered_count,
            d.failed_count
        FROM delta_latency_minute AS d
        UNION ALL
        SELECT
            0,
            a.metric_minute,
            a.latency_bin,
            a.answered_count,
            a.failed_count
        FROM latency_minute AS a
        WHERE a.dimension = 'all'
            AND a.metric_minute >= in_date AND a.metric_minute < in_date + INTERVAL 1 DAY
    ) AS u
    GROUP BY u.metric_minute, u.latency_bin
    HAVING
        SUM(IF(u.is_expected = 1, u.answered_count, -u.answered_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.failed_count, -u.failed_count)) <> 0;

    INSERT INTO rollup_differences
    SELECT
        'latency_hour',
        u.dimension,
        u.metric_hour,
        u.member,
        u.latency_bin,
        CAST(SUM(IF(u.is_expected = 1, u.answered_count, 0)) AS INT),
        CAST(SUM(IF(u.is_expected = 0, u.answered_count, 0)) AS INT),
        CONCAT_WS(', ',
            IF(SUM(IF(u.is_expected = 1, u.answered_count, -u.answered_count)) <> 0, 'answered_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.failed_count, -u.failed_count)) <> 0, 'failed_count', NULL))
    FROM (
        SELECT
            1 AS is_expected,
            d.dimension AS dimension,
            d.metric_hour AS metric_hour,
            d.member AS member,
            d.latency_bin AS latency_bin,
            d.answered_count,
            d.failed_count
        FROM delta_latency AS d
        UNION ALL
        SELECT
            0,
            a.dimension,
            a.metric_hour,
            a.member,
            a.latency_bin,
            a.answered_count,
            a.failed_count
        FROM latency_hour AS a
        WHERE a.dimension IN ('all', 'transaction_type', 'channel', 'acquirer', 'card_scheme')
            AND a.metric_hour >= in_date AND a.metric_hour < in_date + INTERVAL 1 DAY
    ) AS u
    GROUP BY u.dimension, u.metric_hour, u.member, u.latency_bin
    HAVING
        SUM(IF(u.is_expected = 1, u.answered_count, -u.answered_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.failed_count, -u.failed_count)) <> 0;

    INSERT INTO rollup_differences
    SELECT
        'latency_day',
        u.dimension,
        u.metric_date,
        u.member,
        u.latency_bin,
        CAST(SUM(IF(u.is_expected = 1, u.answered_count, 0)) AS INT),
        CAST(SUM(IF(u.is_expected = 0, u.answered_count, 0)) AS INT),
        CONCAT_WS(', ',
            IF(SUM(IF(u.is_expected = 1, u.answered_count, -u.answered_count)) <> 0, 'answered_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.failed_count, -u.failed_count)) <> 0, 'failed_count', NULL))
    FROM (
        SELECT
            1 AS is_expected,
            d.dimension AS dimension,
            in_date AS metric_date,
            d.member AS member,
            d.latency_bin AS latency_bin,
            d.answered_count,
            d.failed_count
        FROM delta_latency AS d
        UNION ALL
        SELECT
            0,
            a.dimension,
            a.metric_date,
            a.member,
            a.latency_bin,
            a.answered_count,
            a.failed_count
        FROM latency_day AS a
        WHERE a.dimension IN ('all', 'transaction_type', 'channel', 'acquirer', 'card_scheme')
            AND a.metric_date = in_date
    ) AS u
    GROUP BY u.dimension, u.metric_date, u.member, u.latency_bin
    HAVING
        SUM(IF(u.is_expected = 1, u.answered_count, -u.answered_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.failed_count, -u.failed_count)) <> 0;

    INSERT INTO rollup_differences
    SELECT
        'account_day',
        'account',
        in_date,
        u.account_id,
        NULL,
        CAST(SUM(IF(u.is_expected = 1, u.total_count, 0)) AS INT),
        CAST(SUM(IF(u.is_expected = 0, u.total_count, 0)) AS INT),
        CONCAT_WS(', ',
            IF(SUM(IF(u.is_expected = 1, u.total_count, -u.total_count)) <> 0, 'total_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.completed_count, -u.completed_count)) <> 0, 'completed_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.failed_count, -u.failed_count)) <> 0, 'failed_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.denied_count, -u.denied_count)) <> 0, 'denied_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.open_count, -u.open_count)) <> 0, 'open_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.total_amount, -u.total_amount)) <> 0, 'total_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.completed_amount, -u.completed_amount)) <> 0, 'completed_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.open_amount, -u.open_amount)) <> 0, 'open_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.completed_amount_squares, -u.completed_amount_squares)) <> 0, 'completed_amount_squares', NULL))
    FROM (
        SELECT
            1 AS is_expected,
            d.account_id AS account_id,
            d.total_count,
            d.completed_count,
            d.failed_count,
            d.denied_count,
            d.open_count,
            d.total_amount,
            d.completed_amount,
            d.open_amount,
            d.completed_amount_squares
        FROM delta_account_day AS d
        UNION ALL
        SELECT
            0,
            a.account_id,
            a.total_count,
            a.completed_count,
            a.failed_count,
            a.denied_count,
            a.open_count,
            a.total_amount,
            a.completed_amount,
            a.open_amount,
            a.completed_amount_squares
        FROM account_day AS a
        WHERE a.activity_date = in_date
    ) AS u
    GROUP BY u.account_id
    HAVING
        SUM(IF(u.is_expected = 1, u.total_count, -u.total_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.completed_count, -u.completed_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.failed_count, -u.failed_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.denied_count, -u.denied_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.open_count, -u.open_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.total_amount, -u.total_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.completed_amount, -u.completed_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.open_amount, -u.open_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.completed_amount_squares, -u.completed_amount_squares)) <> 0;

    INSERT INTO rollup_differences
    SELECT
        'settlement_hour',
        'rail',
        u.due_hour,
        u.rail,
        NULL,
        CAST(SUM(IF(u.is_expected = 1, u.item_count, 0)) AS INT),
        CAST(SUM(IF(u.is_expected = 0, u.item_count, 0)) AS INT),
        CONCAT_WS(', ',
            IF(SUM(IF(u.is_expected = 1, u.item_count, -u.item_count)) <> 0, 'item_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.settled_count, -u.settled_count)) <> 0, 'settled_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.on_time_count, -u.on_time_count)) <> 0, 'on_time_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.within_24h_count, -u.within_24h_count)) <> 0, 'within_24h_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.failed_count, -u.failed_count)) <> 0, 'failed_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.pending_count, -u.pending_count)) <> 0, 'pending_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.item_amount, -u.item_amount)) <> 0, 'item_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.settled_amount, -u.settled_amount)) <> 0, 'settled_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.on_time_amount, -u.on_time_amount)) <> 0, 'on_time_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.failed_amount, -u.failed_amount)) <> 0, 'failed_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.pending_amount, -u.pending_amount)) <> 0, 'pending_amount', NULL))
    FROM (
        SELECT
            1 AS is_expected,
            d.rail AS rail,
            d.due_hour AS due_hour,
            d.item_count,
            d.settled_count,
            d.on_time_count,
            d.within_24h_count,
            d.failed_count,
            d.pending_count,
            d.item_amount,
            d.settled_amount,
            d.on_time_amount,
            d.failed_amount,
            d.pending_amount
        FROM delta_settlement AS d
        UNION ALL
        SELECT
            0,
            a.rail,
            a.due_hour,
            a.item_count,
            a.settled_count,
            a.on_time_count,
            a.within_24h_count,
            a.failed_count,
            a.pending_count,
            a.item_amount,
            a.settled_amount,
            a.on_time_amount,
            a.failed_amount,
            a.pending_amount
        FROM settlement_hour AS a
        WHERE a.due_hour >= in_date AND a.due_hour < in_date + INTERVAL 1 DAY
    ) AS u
    GROUP BY u.rail, u.due_hour
    HAVING
        SUM(IF(u.is_expected = 1, u.item_count, -u.item_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.settled_count, -u.settled_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.on_time_count, -u.on_time_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.within_24h_count, -u.within_24h_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.failed_count, -u.failed_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.pending_count, -u.pending_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.item_amount, -u.item_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.settled_amount, -u.settled_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.on_time_amount, -u.on_time_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.failed_amount, -u.failed_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.pending_amount, -u.pending_amount)) <> 0;

    INSERT INTO rollup_differences
    SELECT
        'settlement_day',
        'rail',
        in_date,
        u.rail,
        NULL,
        CAST(SUM(IF(u.is_expected = 1, u.item_count, 0)) AS INT),
        CAST(SUM(IF(u.is_expected = 0, u.item_count, 0)) AS INT),
        CONCAT_WS(', ',
            IF(SUM(IF(u.is_expected = 1, u.item_count, -u.item_count)) <> 0, 'item_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.settled_count, -u.settled_count)) <> 0, 'settled_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.on_time_count, -u.on_time_count)) <> 0, 'on_time_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.within_24h_count, -u.within_24h_count)) <> 0, 'within_24h_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.failed_count, -u.failed_count)) <> 0, 'failed_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.pending_count, -u.pending_count)) <> 0, 'pending_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.item_amount, -u.item_amount)) <> 0, 'item_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.settled_amount, -u.settled_amount)) <> 0, 'settled_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.on_time_amount, -u.on_time_amount)) <> 0, 'on_time_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.failed_amount, -u.failed_amount)) <> 0, 'failed_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.pending_amount, -u.pending_amount)) <> 0, 'pending_amount', NULL))
    FROM (
        SELECT
            1 AS is_expected,
            d.rail AS rail,
            d.item_count,
            d.settled_count,
            d.on_time_count,
            d.within_24h_count,
            d.failed_count,
            d.pending_count,
            d.item_amount,
            d.settled_amount,
            d.on_time_amount,
            d.failed_amount,
            d.pending_amount
        FROM delta_settlement AS d
        UNION ALL
        SELECT
            0,
            a.rail,
            a.item_count,
            a.settled_count,
            a.on_time_count,
            a.within_24h_count,
            a.failed_count,
            a.pending_count,
            a.item_amount,
            a.settled_amount,
            a.on_time_amount,
            a.failed_amount,
            a.pending_amount
        FROM settlement_day AS a
        WHERE a.due_date = in_date
    ) AS u
    GROUP BY u.rail
    HAVING
        SUM(IF(u.is_expected = 1, u.item_count, -u.item_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.settled_count, -u.settled_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.on_time_count, -u.on_time_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.within_24h_count, -u.within_24h_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.failed_count, -u.failed_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.pending_count, -u.pending_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.item_amount, -u.item_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.settled_amount, -u.settled_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.on_time_amount, -u.on_time_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.failed_amount, -u.failed_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.pending_amount, -u.pending_amount)) <> 0;

    INSERT INTO rollup_differences
    SELECT
        'settlement_delay_day',
        'rail',
        in_date,
        u.rail,
        u.delay_bin,
        CAST(SUM(IF(u.is_expected = 1, u.settled_count, 0)) AS INT),
        CAST(SUM(IF(u.is_expected = 0, u.settled_count, 0)) AS INT),
        CONCAT_WS(', ',
            IF(SUM(IF(u.is_expected = 1, u.settled_count, -u.settled_count)) <> 0, 'settled_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.settled_amount, -u.settled_amount)) <> 0, 'settled_amount', NULL),
            IF(SUM(IF(u.is_expected = 1, u.delay_sum_seconds, -u.delay_sum_seconds)) <> 0, 'delay_sum_seconds', NULL),
            IF(SUM(IF(u.is_expected = 1, u.delay_amount_seconds, -u.delay_amount_seconds)) <> 0, 'delay_amount_seconds', NULL))
    FROM (
        SELECT
            1 AS is_expected,
            d.rail AS rail,
            d.delay_bin AS delay_bin,
            d.settled_count,
            d.settled_amount,
            d.delay_sum_seconds,
            d.delay_amount_seconds
        FROM delta_settlement_delay AS d
        UNION ALL
        SELECT
            0,
            a.rail,
            a.delay_bin,
            a.settled_count,
            a.settled_amount,
            a.delay_sum_seconds,
            a.delay_amount_seconds
        FROM settlement_delay_day AS a
        WHERE a.due_date = in_date
    ) AS u
    GROUP BY u.rail, u.delay_bin
    HAVING
        SUM(IF(u.is_expected = 1, u.settled_count, -u.settled_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.settled_amount, -u.settled_amount)) <> 0
        OR SUM(IF(u.is_expected = 1, u.delay_sum_seconds, -u.delay_sum_seconds)) <> 0
        OR SUM(IF(u.is_expected = 1, u.delay_amount_seconds, -u.delay_amount_seconds)) <> 0;

    INSERT INTO rollup_differences
    SELECT
        'login_hour',
        'all',
        u.login_hour,
        'all',
        NULL,
        CAST(SUM(IF(u.is_expected = 1, u.login_count, 0)) AS INT),
        CAST(SUM(IF(u.is_expected = 0, u.login_count, 0)) AS INT),
        CONCAT_WS(', ',
            IF(SUM(IF(u.is_expected = 1, u.login_count, -u.login_count)) <> 0, 'login_count', NULL),
            IF(SUM(IF(u.is_expected = 1, u.failed_count, -u.failed_count)) <> 0, 'failed_count', NULL))
    FROM (
        SELECT
            1 AS is_expected,
            d.login_hour AS login_hour,
            d.login_count,
            d.failed_count
        FROM delta_login AS d
        UNION ALL
        SELECT
            0,
            a.login_hour,
            a.login_count,
            a.failed_count
        FROM login_hour AS a
        WHERE a.login_hour >= in_date AND a.login_hour < in_date + INTERVAL 1 DAY
    ) AS u
    GROUP BY u.login_hour
    HAVING
        SUM(IF(u.is_expected = 1, u.login_count, -u.login_count)) <> 0
        OR SUM(IF(u.is_expected = 1, u.failed_count, -u.failed_count)) <> 0;
END$$

DELIMITER ;
