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
    WHERE d.activity_date BETWEEN in_end - INTERVAL 29 DAY AND in_end
    GROUP BY d.account_id;
END$$

DELIMITER ;
