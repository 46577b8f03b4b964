DELIMITER $$

CREATE OR REPLACE PROCEDURE discard_quarantined_changes(
    IN in_quarantine_id BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Accepts that the rollups never hold changes that were set aside; resolves the alert
changes_quarantined when none waits any more. The rows stay, so that reconcile_rollups and a later
deletion of the payment know of them.
Parameters:
    in_quarantine_id: a row of ops_change_quarantine; NULL for all that wait
Result: changes discarded.
Errors: 30001 open transaction, 30002 no such change waits.
Transaction: owns.
Example: CALL discard_quarantined_changes(NULL)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_count BIGINT;

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'discard_quarantined_changes: called inside an open transaction';
    END IF;
    IF in_quarantine_id IS NOT NULL AND NOT EXISTS (
        SELECT 1
        FROM change_quarantine AS q
        WHERE q.quarantine_id = in_quarantine_id AND q.quarantine_state = 'waiting')
    THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'discard_quarantined_changes: no such change waits in quarantine';
    END IF;

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('discard_quarantined_changes', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL lock_rollup_state();
        UPDATE change_quarantine
        SET
            quarantine_state = 'discarded',
            discarded_by = LEFT(USER(), 128),
            discarded_at = UTC_TIMESTAMP()
        WHERE quarantine_state = 'waiting'
            AND quarantine_id = COALESCE(in_quarantine_id, quarantine_id);
        SET v_count = ROW_COUNT();
        IF NOT EXISTS (SELECT 1 FROM change_quarantine AS q WHERE q.quarantine_state = 'waiting') THEN
            CALL resolve_alert('changes_quarantined', 'rollups');
        END IF;
        COMMIT;
    END;

    SELECT v_count AS discarded_changes;
END$$

DELIMITER ;
