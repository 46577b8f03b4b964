DELIMITER $$

CREATE OR REPLACE PROCEDURE begin_bulk_load()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Lets this session load rows past the capture triggers, which apply_bulk_load then adds to
the rollups in the same transaction. Sets @payops_bulk_load to a number that the triggers know to
be of this session; SET @payops_bulk_load = NULL ends it. A number that was not drawn here has no
effect: rows are captured as ever. Who may call this may hide rows from the figures until
reconcile_rollups: grant it to loaders only.
Errors: none of its own.
Transaction: none.
Example: CALL begin_bulk_load()'
BEGIN
    SET @payops_bulk_load = NEXTVAL(bulk_loads);
END$$

DELIMITER ;
