DELIMITER $$

CREATE OR REPLACE PROCEDURE release_scheduler_lease(
    IN in_fencing_token BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Gives the office of the scheduler back, so that another takes it at once; does nothing
when the token is no longer the current one.
Errors: none of its own.
Transaction: joins.
Example: CALL release_scheduler_lease(17)'
BEGIN
    UPDATE scheduler_leases AS l
    SET
        l.is_released = 1,
        l.expires_at = l.renewed_at
    WHERE l.lease_name = 'scheduler'
        AND l.fencing_token = in_fencing_token;
END$$

DELIMITER ;
