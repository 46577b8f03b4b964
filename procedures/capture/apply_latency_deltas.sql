DELIMITER $$

CREATE OR REPLACE PROCEDURE apply_latency_deltas(
    IN in_detail_from DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Adds delta_latency_minute and delta_latency to latency_minute, latency_hour and
latency_day.
Parameters:
    in_detail_from: first day whose minutes, and hours of every dimension, are kept
Helper: joins the transaction of the caller'
BEGIN
    INSERT INTO latency_minute (
        dimension,
        metric_minute,
        member,
        latency_bin,
        answered_count,
        failed_count
    )
    SELECT
        'all',
        d.metric_minute,
        'all',
        d.latency_bin,
        d.answered_count,
        d.failed_count
    FROM delta_latency_minute AS d
    WHERE d.metric_minute >= in_detail_from
    ON DUPLICATE KEY UPDATE
        answered_count = latency_minute.answered_count + VALUES(answered_count),
        failed_count = latency_minute.failed_count + VALUES(failed_count);

    INSERT INTO latency_hour (
        dimension,
        metric_hour,
        member,
        latency_bin,
        answered_count,
        failed_count
    )
    SELECT
        d.dimension,
        d.metric_hour,
        d.member,
        d.latency_bin,
        d.answered_count,
        d.failed_count
    FROM delta_latency AS d
    WHERE d.dimension = 'all' OR d.metric_hour >= in_detail_from
    ON DUPLICATE KEY UPDATE
        answered_count = latency_hour.answered_count + VALUES(answered_count),
        failed_count = latency_hour.failed_count + VALUES(failed_count);

    INSERT INTO latency_day (
        dimension,
        metric_date,
        member,
        latency_bin,
        answered_count,
        failed_count
    )
    SELECT
        d.dimension,
        DATE(d.metric_hour) AS metric_date,
        d.member,
        d.latency_bin,
        SUM(d.answered_count + 0e0),
        SUM(d.failed_count + 0e0)
    FROM delta_latency AS d
    GROUP BY d.dimension, metric_date, d.member, d.latency_bin
    ON DUPLICATE KEY UPDATE
        answered_count = latency_day.answered_count + VALUES(answered_count),
        failed_count = latency_day.failed_count + VALUES(failed_count);
END$$

DELIMITER ;
