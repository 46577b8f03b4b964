DELIMITER $$

CREATE OR REPLACE PROCEDURE advance_account_window(
    IN in_end DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Moves account_window so that it ends on in_end (UTC day): cost is the accounts of the days
that leave and enter.
Helper: joins the transaction of the caller, who holds rollup_state'
BEGIN
    DECLARE v_old DATE DEFAULT (SELECT window_end_date FROM rollup_state WHERE state_id = 1);

    IF in_end > v_old THEN
        -- The days that fall out of the 30 are subtracted, those that come in are added.
        CALL add_account_days(
            v_old - INTERVAL 29 DAY, LEAST(v_old, in_end - INTERVAL 30 DAY), -1);
        CALL add_account_days(
            GREATEST(v_old + INTERVAL 1 DAY, in_end - INTERVAL 29 DAY), in_end, 1);
        -- All columns: between two refreshes a change may be applied whose forerunner is not, and
        -- then a count of zero hides amounts that are not.
        DELETE FROM account_window
        WHERE total_count = 0
            AND completed_count = 0
            AND failed_count = 0
            AND denied_count = 0
            AND open_count = 0
            AND total_amount = 0
            AND completed_amount = 0
            AND open_amount = 0
            AND completed_amount_squares = 0;
    ELSEIF in_end < v_old THEN
        CALL rebuild_account_window(in_end);
    END IF;

    IF in_end <> v_old THEN
        CALL rebuild_customer_window();
        UPDATE rollup_state SET window_end_date = in_end WHERE state_id = 1;
    END IF;
END$$

DELIMITER ;
