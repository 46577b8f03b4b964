DELIMITER $$

CREATE OR REPLACE PROCEDURE rebuild_account_window()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Replaces the sums of accounts over thirty days by those of account_day. Helper: joins the transaction of the caller, who holds rollup_state'
BEGIN
    DECLARE v_window_end DATE;
    SET v_window_end = (SELECT s.window_end_date FROM rollup_state AS s WHERE s.state_id = 1);
    DELETE FROM account_window;
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
    WHERE d.activity_date BETWEEN v_window_end - INTERVAL 29 DAY AND v_window_end
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
END$$

DELIMITER ;
