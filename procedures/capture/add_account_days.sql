DELIMITER $$

CREATE OR REPLACE PROCEDURE add_account_days(
    IN in_from DATE,
    IN in_to DATE,
    IN in_sign TINYINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Adds the rows of account_day from in_from to in_to (UTC days) to account_window, or
subtracts them.
Parameters:
    in_from, in_to: days; none when in_to is before in_from
    in_sign: 1 to add, -1 to subtract
Helper: joins the transaction of the caller, who holds rollup_state'
BEGIN
    INSERT INTO account_window (
        account_id,
        -- each account measure: {name}
        total_count,
        completed_count,
        failed_count,
        denied_count,
        open_count,
        total_amount,
        completed_amount,
        open_amount,
        completed_amount_squares
        -- end
    )
    SELECT
        d.account_id,
        -- each account measure: in_sign * SUM(d.{name})
        in_sign * SUM(d.total_count),
        in_sign * SUM(d.completed_count),
        in_sign * SUM(d.failed_count),
        in_sign * SUM(d.denied_count),
        in_sign * SUM(d.open_count),
        in_sign * SUM(d.total_amount),
        in_sign * SUM(d.completed_amount),
        in_sign * SUM(d.open_amount),
        in_sign * SUM(d.completed_amount_squares)
        -- end
    FROM account_day AS d
    WHERE d.activity_date BETWEEN in_from AND in_to
    GROUP BY d.account_id
    ON DUPLICATE KEY UPDATE
        -- each account measure:
        --     {name} = account_window.{name}
        --         + VALUES({name});
        total_count = account_window.total_count
            + VALUES(total_count),
        completed_count = account_window.completed_count
            + VALUES(completed_count),
        failed_count = account_window.failed_count
            + VALUES(failed_count),
        denied_count = account_window.denied_count
            + VALUES(denied_count),
        open_count = account_window.open_count
            + VALUES(open_count),
        total_amount = account_window.total_amount
            + VALUES(total_amount),
        completed_amount = account_window.completed_amount
            + VALUES(completed_amount),
        open_amount = account_window.open_amount
            + VALUES(open_amount),
        completed_amount_squares = account_window.completed_amount_squares
            + VALUES(completed_amount_squares);
        -- end
END$$

DELIMITER ;
