DELIMITER $$

CREATE OR REPLACE PROCEDURE activate_rule_version(
    IN in_rule_id VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_rule_version INT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Makes a draft the version that counts; the one before is retired, and its hits stay. With
the setting rule_approval = 1 somebody else than who proposed it must call it.
Errors: 30001 open transaction, 30014 a setting of the session, 30503 no such draft, 30504 own
    proposal.
Transaction: owns.
Example: CALL activate_rule_version(''A03'', 2)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_proposed_by VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'activate_rule_version: called inside an open transaction';
    END IF;
    CALL check_session(TRUE);
    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('activate_rule_version', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        START TRANSACTION;
        SELECT v.proposed_by
        INTO v_proposed_by
        FROM rule_versions AS v
        WHERE v.rule_id = in_rule_id
            AND v.rule_version = in_rule_version
            AND v.version_state = 'draft'
        FOR UPDATE;
        IF v_proposed_by IS NULL THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30503,
                MESSAGE_TEXT = 'activate_rule_version: there is no such draft of a rule';
        END IF;
        IF v_proposed_by = acting_person() AND EXISTS (
            SELECT 1
            FROM settings AS g
            WHERE g.setting_name = 'rule_approval'
                AND g.setting_value = '1'
        ) THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30504,
                MESSAGE_TEXT = 'activate_rule_version: somebody else must approve it';
        END IF;
        UPDATE rule_versions
        SET version_state = 'retired'
        WHERE rule_id = in_rule_id
            AND version_state = 'active';
        UPDATE rule_versions
        SET
            version_state = 'active',
            approved_by = acting_person(),
            approved_at = UTC_TIMESTAMP()
        WHERE rule_id = in_rule_id
            AND rule_version = in_rule_version;
        UPDATE rules
        SET active_version = in_rule_version
        WHERE rule_id = in_rule_id;
        COMMIT;
    END;
END$$

DELIMITER ;
