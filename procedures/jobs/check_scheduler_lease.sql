DELIMITER $$

CREATE OR REPLACE PROCEDURE check_scheduler_lease(
    IN in_fencing_token BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Refuses to go on when the lease of the scheduler with this fencing token is lost, and
keeps it from passing on until the transaction ends. NULL for who is no scheduler: does nothing.
Helper.
Errors: 30605 the lease is lost.
Transaction: joins'
BEGIN
    DECLARE v_is_held BIGINT;

    IF in_fencing_token IS NOT NULL THEN
        SELECT COUNT(*)
        INTO v_is_held
        FROM scheduler_leases AS l
        WHERE l.lease_name = 'scheduler'
            AND l.fencing_token = in_fencing_token
            AND l.is_released = 0
            AND l.expires_at > UTC_TIMESTAMP(3)
        LOCK IN SHARE MODE;
        IF v_is_held = 0 THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30605,
                MESSAGE_TEXT = 'check_scheduler_lease: the lease of the scheduler is lost';
        END IF;
    END IF;
END$$

DELIMITER ;
