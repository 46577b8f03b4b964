DELIMITER $$

CREATE OR REPLACE PROCEDURE change_child_alerts(
    IN in_parent_alert_id BIGINT,
    IN in_kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_text VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_by VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_previous_by VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Does with the open alerts under an alert what somebody did with that one, when it was
acknowledged, assigned or resolved; an alert that somebody else than in_previous_by, who had the
parent before, acknowledged by itself stays theirs.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_alert_id BIGINT;
    DECLARE v_is_firing TINYINT(1);
    DECLARE v_acknowledged_by VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_owner VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_note VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_is_done TINYINT(1) DEFAULT 0;
    DECLARE c_children CURSOR FOR
        SELECT
            a.alert_id,
            a.alert_state = 'firing',
            a.acknowledged_by,
            a.owner
        FROM alerts AS a
        WHERE a.parent_alert_id = in_parent_alert_id
            AND a.open_key IS NOT NULL
        ORDER BY a.alert_id
        FOR UPDATE;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_is_done = 1;

    SET v_note = LEFT(
        CONCAT('with alert ', in_parent_alert_id, IF(in_text = '', '', ': '), in_text), 512);
    OPEN c_children;
    children: LOOP
        SET v_is_done = 0;
        FETCH c_children INTO v_alert_id, v_is_firing, v_acknowledged_by, v_owner;
        IF v_is_done THEN
            LEAVE children;
        END IF;
        IF in_kind = 'resolved' THEN
            CALL end_alert(v_alert_id, v_note, in_by);
        ELSEIF in_kind = 'acknowledged'
            AND (v_is_firing OR COALESCE(v_acknowledged_by = in_previous_by, FALSE))
        THEN
            UPDATE alerts AS a
            SET
                a.alert_state = 'acknowledged',
                a.acknowledged_at = UTC_TIMESTAMP(3),
                a.acknowledged_by = in_by
            WHERE a.alert_id = v_alert_id;
            CALL note_alert_change(v_alert_id, in_kind, v_note, in_by);
        ELSEIF in_kind = 'assigned' AND NOT (v_owner <=> in_text) THEN
            UPDATE alerts AS a
            SET a.owner = in_text
            WHERE a.alert_id = v_alert_id;
            CALL note_alert_change(
                v_alert_id, in_kind, CONCAT(in_text, ', with alert ', in_parent_alert_id), in_by);
            CALL write_alert_notices(v_alert_id);
        END IF;
    END LOOP;
    CLOSE c_children;
END$$

DELIMITER ;
