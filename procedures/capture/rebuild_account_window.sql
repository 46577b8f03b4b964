DELIMITER $$

CREATE OR REPLACE PROCEDURE rebuild_account_window(
    IN in_end DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Replaces the sums of accounts over the thirty days that end on in_end (UTC day) by those
of account_day.
Helper: joins the transaction of the caller, who holds rollup_state'
BEGIN
    DELETE FROM account_window;
    CALL add_account_days(in_end - INTERVAL 29 DAY, in_end, 1);
END$$

DELIMITER ;
