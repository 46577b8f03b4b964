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
        INSERT INTO account_window (
            account_id,
            total_count,
            completed_count,
            failed_count,
            denied_count,
            open_count,
            total_amount,
            completed_amount,
            open_amount,
            completed_amount_squares
        )
        SELECT
            d.account_id,
            -SUM(d.total_count),
            -SUM(d.completed_count),
            -SUM(d.failed_count),
            -SUM(d.denied_count),
            -SUM(d.open_count),
            -SUM(d.total_amount),
            -SUM(d.completed_amount),
            -SUM(d.open_amount),
            -SUM(d.completed_amount_squares)
        FROM account_day AS d
        WHERE d.activity_date BETWEEN v_old - INTERVAL 29 DAY
            AND LEAST(v_old, in_end - INTERVAL 30 DAY)
        GROUP BY d.account_id
        ON DUPLICATE KEY UPDATE
            total_count = account_window.total_count + VALUES(total_count),
            completed_count = account_window.completed_count + VALUES(completed_count),
            failed_count = account_window.failed_count + VALUES(failed_count),
            denied_count = account_window.denied_count + VALUES(denied_count),
            open_count = account_window.open_count + VALUES(open_count),
            total_amount = account_window.total_amount + VALUES(total_amount),
            completed_amount = account_window.completed_amount + VALUES(completed_amount),
            open_amount = account_window.open_amount + VALUES(open_amount),
            completed_amount_squares = account_window.completed_amount_squares + VALUES(completed_amount_squares);
        INSERT INTO account_window (
            account_id,
            total_count,
            completed_count,
            failed_count,
            denied_count,
            open_count,
            total_amount,
            completed_amount,
            open_amount,
            completed_amount_squares
        )
        SELECT
            d.account_id,
            SUM(d.total_count),
            SUM(d.completed_count),
            SUM(d.failed_count),
            SUM(d.denied_count),
            SUM(d.open_count),
            SUM(d.total_amount),
            SUM(d.completed_amount),
            SUM(d.open_amount),
            SUM(d.completed_amount_squares)
        FROM account_day AS d
        WHERE d.activity_date BETWEEN GREATEST(v_old + INTERVAL 1 DAY, in_end - INTERVAL 29 DAY)
            AND in_end
        GROUP BY d.account_id
        ON DUPLICATE KEY UPDATE
            total_count = account_window.total_count + VALUES(total_count),
            completed_count = account_window.completed_count + VALUES(completed_count),
            failed_count = account_window.failed_count + VALUES(failed_count),
            denied_count = account_window.denied_count + VALUES(denied_count),
            open_count = account_window.open_count + VALUES(open_count),
            total_amount = account_window.total_amount + VALUES(total_amount),
            completed_amount = account_window.completed_amount + VALUES(completed_amount),
            open_amount = account_window.open_amount + VALUES(open_amount),
            completed_amount_squares = account_window.completed_amount_squares + VALUES(completed_amount_squares);
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
