DELIMITER $$

CREATE OR REPLACE PROCEDURE raise_metric_alert(
    IN in_metric VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_severity VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_since DATETIME,
    IN in_until DATETIME,
    IN in_seen VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_bounds VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Raises the alert of a series for the incident from in_since up to and without in_until
(UTC), with what it concerns, under the alert that explains it, with the owner of the metric. Its
message is in_seen, what was observed and expected; then where it happens and how much is concerned;
then in_bounds, what is normal and the times.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_alert_id BIGINT;
    DECLARE v_parent_id BIGINT;
    DECLARE v_kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin;

    CALL open_alert(
        CONCAT('monitor_', in_metric), in_member, in_severity, in_seen, v_alert_id, v_kind);
    -- What went wrong began before it was found: the difference is the time to detect.
    UPDATE alerts AS a
    INNER JOIN monitor_metrics AS m ON m.metric_name = in_metric
    SET
        a.raised_at = IF(
            a.reopened_count > 0,
            a.raised_at,
            IF(a.seen_count = 1, in_since, LEAST(a.raised_at, in_since))),
        a.owner = COALESCE(a.owner, m.owner)
    WHERE a.alert_id = v_alert_id;
    CALL measure_alert(v_alert_id, in_metric, in_member, in_since, in_until);
    IF v_kind IN ('fired', 'reopened') THEN
        CALL find_parent_alert(
            v_alert_id, in_metric, in_member, in_since, in_until, v_parent_id);
    END IF;
    UPDATE alerts AS a
    SET
        a.parent_alert_id = COALESCE(v_parent_id, a.parent_alert_id),
        a.alert_message = LEFT(CONCAT_WS('; ',
            -- First what was seen, then where and how much, which is what people ask.
            in_seen,
            CONCAT('mostly ', REPLACE(a.cause, '=', ' ')),
            IF(a.payments_affected > 0, CONCAT(
                FORMAT(a.payments_affected, 0),
                IF(a.payments_affected = 1, ' payment', ' payments'),
                COALESCE(CONCAT(
                    ' of ', FORMAT(a.customers_affected, 0),
                    IF(a.customers_affected = 1, ' customer', ' customers')), ''), ', ',
                FORMAT(a.value_at_stake, 2), ' ', base_currency()), NULL),
            in_bounds), 512)
    WHERE a.alert_id = v_alert_id;
    CALL adopt_alerts(v_alert_id, in_metric, in_since);
    CALL announce_alert(v_alert_id, v_kind);
    IF v_parent_id IS NOT NULL THEN
        CALL inherit_alert_state(v_alert_id);
    END IF;
    DROP TEMPORARY TABLE alert_payments;
END$$

DELIMITER ;
