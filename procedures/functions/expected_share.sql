DELIMITER $$

CREATE OR REPLACE FUNCTION expected_share(
    in_metric VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin,
    in_member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    in_from DATETIME,
    in_to DATETIME
)
RETURNS DOUBLE
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'The share that the monitor expected of a series from in_from up to and without in_to
(UTC); NULL when it judged nothing. Helper'
BEGIN
    RETURN (
        SELECT SUM(p.expected_value * p.event_count) / NULLIF(SUM(p.event_count), 0)
        FROM monitor_points AS p
        WHERE p.metric_name = in_metric
            AND p.member = in_member
            AND p.metric_minute >= in_from
            AND p.metric_minute < in_to
    );
END$$

DELIMITER ;
