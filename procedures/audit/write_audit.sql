DELIMITER $$

CREATE OR REPLACE PROCEDURE write_audit(
    IN in_subject_kind VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_subject VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_action VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_old_values VARCHAR(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_new_values VARCHAR(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Adds an entry to audit_log and chains it to the last one; whoever adds the next waits
until the transaction ends.
Helper of triggers.
Transaction: joins'
BEGIN
    DECLARE v_audit_id BIGINT;
    DECLARE v_previous CHAR(64) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_now DATETIME(6);
    DECLARE v_actor VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
        DEFAULT acting_person();
    DECLARE v_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin;

    INSERT IGNORE INTO audit_head (head_id, audit_id, entry_hash)
    VALUES (1, 0, REPEAT('0', 64));
    SELECT
        h.audit_id + 1,
        h.entry_hash
    INTO v_audit_id, v_previous
    FROM audit_head AS h
    WHERE h.head_id = 1
    FOR UPDATE;
    -- Not UTC_TIMESTAMP(), which the session may have set.
    SET v_now = server_clock();
    SET v_hash = audit_hash(
        v_audit_id, v_now, v_actor, in_subject_kind, in_subject, in_action, in_old_values,
        in_new_values, v_previous);
    INSERT INTO audit_log (
        audit_id, recorded_at, actor, subject_kind, subject, audit_action, old_values, new_values,
        previous_hash, entry_hash
    ) VALUES (
        v_audit_id, v_now, v_actor, in_subject_kind, in_subject, in_action, in_old_values,
        in_new_values, v_previous, v_hash
    );
    UPDATE audit_head
    SET
        audit_id = v_audit_id,
        entry_hash = v_hash
    WHERE head_id = 1;
END$$

DELIMITER ;
