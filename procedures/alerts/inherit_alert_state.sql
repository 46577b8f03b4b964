DELIMITER $$

CREATE OR REPLACE PROCEDURE inherit_alert_state(
    IN in_alert_id BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Gives an alert that has come under a parent what people did with that one: the
acknowledgement, unless the alert is more severe than the parent, and the owner to whom somebody
assigned it.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_parent_id BIGINT;
    DECLARE v_by VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_owner VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_is_acknowledged TINYINT(1);
    DECLARE v_is_assigned TINYINT(1);
    DECLARE CONTINUE HANDLER FOR NOT FOUND BEGIN END;

    SELECT
        h.alert_id,
        h.acknowledged_by,
        h.owner,
        h.alert_state = 'acknowledged'
            AND a.alert_state = 'firing'
            AND a.severity + 0 <= h.severity + 0,
        NOT (a.owner <=> h.owner)
            AND EXISTS (
                SELECT 1
                FROM alert_changes AS c
                WHERE c.alert_id = h.alert_id
                    AND c.change_kind = 'assigned'
            )
    INTO v_parent_id, v_by, v_owner, v_is_acknowledged, v_is_assigned
    FROM alerts AS a
    INNER JOIN alerts AS h ON h.alert_id = a.parent_alert_id
    WHERE a.alert_id = in_alert_id;
    IF v_is_acknowledged THEN
        UPDATE alerts AS a
        SET
            a.alert_state = 'acknowledged',
            a.acknowledged_at = UTC_TIMESTAMP(3),
            a.acknowledged_by = v_by
        WHERE a.alert_id = in_alert_id;
        CALL note_alert_change(
            in_alert_id, 'acknowledged',
            CONCAT('under alert ', v_parent_id, ', acknowledged by ', v_by), 'payops');
    END IF;
    IF v_is_assigned THEN
        UPDATE alerts AS a
        SET a.owner = v_owner
        WHERE a.alert_id = in_alert_id;
        CALL note_alert_change(
            in_alert_id, 'assigned', CONCAT(v_owner, ', under alert ', v_parent_id), 'payops');
    END IF;
END$$

DELIMITER ;
