DELIMITER $$

CREATE OR REPLACE PROCEDURE raise_metric_alert(
    IN in_metric VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_member VARCHAR(64),
    IN in_severity VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_since DATETIME,
    IN in_message VARCHAR(512)
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Raises the alert of a series since the minute in_since (UTC), with the owner of the metric. Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_rule VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin
        DEFAULT CONCAT('monitor_', in_metric);

    CALL raise_alert(v_rule, in_member, in_severity, in_message);
    -- What went wrong began before it was found: the difference is the time to detect.
    UPDATE alerts AS a
    INNER JOIN monitor_metrics AS m ON m.metric_name = in_metric
    SET
        a.raised_at = IF(a.seen_count = 1, in_since, LEAST(a.raised_at, in_since)),
        a.owner = COALESCE(a.owner, m.owner)
    WHERE a.open_key = CONCAT(v_rule, '/', in_member)
        AND a.reopened_count = 0;
END$$

DELIMITER ;
