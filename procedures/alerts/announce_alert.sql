DELIMITER $$

CREATE OR REPLACE PROCEDURE announce_alert(
    IN in_alert_id BIGINT,
    IN in_kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Adds what open_alert did to the history of the alert and writes its notices; does nothing
when in_kind is NULL.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

    IF in_kind IS NOT NULL THEN
        SELECT a.alert_message
        INTO v_message
        FROM alerts AS a
        WHERE a.alert_id = in_alert_id;
        CALL note_alert_change(in_alert_id, in_kind, v_message, 'payops');
        CALL write_alert_notices(in_alert_id);
    END IF;
END$$

DELIMITER ;
