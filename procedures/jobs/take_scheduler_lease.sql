DELIMITER $$

CREATE OR REPLACE PROCEDURE take_scheduler_lease(
    IN in_holder VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_seconds INT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Takes the office of the scheduler, or renews it, for in_seconds; a lease that another
holder has not renewed in time passes to the caller, with a fencing token that no holder had
before.
Result: fencing_token (NULL when somebody else has it), holder, expires_at.
Errors: 30001 open transaction, 30002 argument, 30606 read-only server.
Transaction: owns.
Example: CALL take_scheduler_lease(''db1 4711'', 15)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_now DATETIME(3);

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'take_scheduler_lease: called inside an open transaction';
    END IF;
    -- A definer who may write on a read-only server would go on after another one took over.
    IF @@GLOBAL.read_only = 1 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30606,
            MESSAGE_TEXT = 'take_scheduler_lease: the server is read-only, jobs run on the primary';
    END IF;
    IF COALESCE(in_holder, '') = '' OR NOT COALESCE(in_seconds BETWEEN 1 AND 3600, FALSE) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'take_scheduler_lease: in_holder is empty or in_seconds is not 1 to 3600';
    END IF;

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            CALL log_routine_error('take_scheduler_lease', v_errno, v_state, v_message);
            RESIGNAL;
        END;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        INSERT IGNORE INTO scheduler_leases (
            lease_name, holder, fencing_token, acquired_at, renewed_at, expires_at, is_released
        ) VALUES (
            'scheduler', '', 0, '1970-01-01 00:00:00', '1970-01-01 00:00:00',
            '1970-01-01 00:00:00', 1
        );
        -- Whoever waits for the row reads the clock after it, in the next statement.
        DO (SELECT l.fencing_token FROM scheduler_leases AS l WHERE l.lease_name = 'scheduler'
            FOR UPDATE);
        SET v_now = UTC_TIMESTAMP(3);
        UPDATE scheduler_leases AS l
        SET
            l.fencing_token = l.fencing_token + (l.holder <> in_holder OR l.is_released = 1),
            l.acquired_at = IF(l.holder <> in_holder OR l.is_released = 1, v_now, l.acquired_at),
            l.holder = in_holder,
            l.renewed_at = v_now,
            l.expires_at = v_now + INTERVAL in_seconds SECOND,
            l.is_released = 0
        WHERE l.lease_name = 'scheduler'
            -- A lease that ends later than any may is from before the clock was set back.
            AND (l.holder = in_holder OR l.is_released = 1
                OR l.expires_at <= v_now OR l.expires_at > v_now + INTERVAL 1 HOUR);
        COMMIT;
    END;

    SELECT
        IF(l.holder = in_holder, l.fencing_token, NULL) AS fencing_token,
        l.holder,
        l.expires_at
    FROM scheduler_leases AS l
    WHERE l.lease_name = 'scheduler';
END$$

DELIMITER ;
