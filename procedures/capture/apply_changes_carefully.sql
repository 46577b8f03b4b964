DELIMITER $$

CREATE OR REPLACE PROCEDURE apply_changes_carefully(
    IN in_limit BIGINT,
    OUT out_transactions BIGINT,
    OUT out_settlements BIGINT,
    OUT out_logins BIGINT,
    OUT out_quarantined BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Applies up to in_limit changes of each log that failed together: sets aside those that a
rollup cannot hold, applies the rest, and halves what still fails until the changes that the server
refuses stand alone; these are set aside with its error. Raises the alert changes_quarantined for
what was set aside, and resolves it when nothing waits in quarantine.
Results: changes that left each log, and how many of them were set aside.
Errors that are not of values (deadlock, kill, full disk) go to the caller.
Helper: joins the transaction of the caller, who holds rollup_state'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_detail_from DATE;
    DECLARE v_range_id BIGINT;
    DECLARE v_first BIGINT;
    DECLARE v_last BIGINT;
    DECLARE v_count BIGINT;
    DECLARE v_waiting BIGINT;

    CALL take_waiting_changes(in_limit);
    SELECT
        COALESCE(SUM(t.change_log = 'transaction_changes'), 0),
        COALESCE(SUM(t.change_log = 'settlement_changes'), 0),
        COALESCE(SUM(t.change_log = 'login_changes'), 0)
    INTO out_transactions, out_settlements, out_logins
    FROM taken_changes AS t;
    SELECT COUNT(*) INTO out_quarantined FROM taken_changes AS t WHERE t.reason IS NOT NULL;
    CALL quarantine_taken_changes();

    -- What is left, as ranges of places still to apply; those that fail come back in two halves.
    DROP TEMPORARY TABLE IF EXISTS taken_ranges;
    CREATE TEMPORARY TABLE taken_ranges (
        range_id BIGINT NOT NULL AUTO_INCREMENT,
        first_place BIGINT NOT NULL,
        last_place BIGINT NOT NULL,
        PRIMARY KEY (range_id)
    ) ENGINE = Aria TRANSACTIONAL = 0;
    INSERT INTO taken_ranges (first_place, last_place)
    SELECT MIN(t.place), MAX(t.place) FROM taken_changes AS t HAVING MIN(t.place) IS NOT NULL;

    pieces: LOOP
        SET v_range_id = NULL;
        SELECT MAX(r.range_id) INTO v_range_id FROM taken_ranges AS r;
        IF v_range_id IS NULL THEN
            LEAVE pieces;
        END IF;
        SELECT r.first_place, r.last_place
        INTO v_first, v_last
        FROM taken_ranges AS r
        WHERE r.range_id = v_range_id;
        DELETE FROM taken_ranges WHERE range_id = v_range_id;
        SELECT COUNT(*), MIN(t.place), MAX(t.place)
        INTO v_count, v_first, v_last
        FROM taken_changes AS t
        WHERE t.place BETWEEN v_first AND v_last;
        IF v_count > 0 THEN
            BEGIN
                DECLARE EXIT HANDLER FOR SQLEXCEPTION
                BEGIN
                    CALL read_error(v_errno, v_state, v_message);
                    IF NOT is_data_error(v_errno, v_state) THEN
                        RESIGNAL;
                    END IF;
                    ROLLBACK TO SAVEPOINT payops_piece;
                    IF v_count = 1 THEN
                        UPDATE taken_changes
                        SET
                            reason = 'refused',
                            error_number = v_errno,
                            error_message = LEFT(v_message, 512)
                        WHERE place = v_first;
                    ELSE
                        INSERT INTO taken_ranges (first_place, last_place)
                        VALUES
                            (v_first + (v_last - v_first) DIV 2 + 1, v_last),
                            (v_first, v_first + (v_last - v_first) DIV 2);
                    END IF;
                END;
                SAVEPOINT payops_piece;
                CALL fill_taken_batches(v_first, v_last);
                CALL aggregate_rollup_batches(v_detail_from);
                CALL apply_rollup_deltas();
                CALL delete_applied_changes();
                CALL note_rollup_progress(v_count);
            END;
        END IF;
    END LOOP;

    SELECT out_quarantined + COUNT(*)
    INTO out_quarantined
    FROM taken_changes AS t
    WHERE t.reason IS NOT NULL;
    CALL quarantine_taken_changes();
    DROP TEMPORARY TABLE taken_ranges, taken_changes;

    SELECT COUNT(*) INTO v_waiting FROM change_quarantine AS q WHERE q.quarantine_state = 'waiting';
    IF v_waiting = 0 THEN
        CALL resolve_alert('changes_quarantined', 'rollups');
    ELSEIF out_quarantined > 0 THEN
        CALL raise_alert(
            'changes_quarantined', 'rollups', 'CRITICAL',
            CONCAT(
                v_waiting,
                ' changes that the rollups cannot hold were set aside: see ops_change_quarantine'));
    END IF;
END$$

DELIMITER ;
