DELIMITER $$

CREATE OR REPLACE PROCEDURE apply_account_deltas(
    IN in_window_end DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Adds delta_account_day to account_day, and what lies inside the 30 days to account_window
and customer_window; notes the accounts in risk_pending.
Parameters:
    in_window_end: last day inside account_window
Helper: joins the transaction of the caller'
BEGIN
    INSERT INTO account_day (
        account_id,
        activity_date,
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
        d.activity_date,
        -- each account measure: d.{name}
        d.total_count,
        d.completed_count,
        d.failed_count,
        d.denied_count,
        d.open_count,
        d.total_amount,
        d.completed_amount,
        d.open_amount,
        d.completed_amount_squares
        -- end
    FROM delta_account_day AS d
    ON DUPLICATE KEY UPDATE
        -- each account measure: {name} = account_day.{name} + VALUES({name});
        total_count = account_day.total_count + VALUES(total_count),
        completed_count = account_day.completed_count + VALUES(completed_count),
        failed_count = account_day.failed_count + VALUES(failed_count),
        denied_count = account_day.denied_count + VALUES(denied_count),
        open_count = account_day.open_count + VALUES(open_count),
        total_amount = account_day.total_amount + VALUES(total_amount),
        completed_amount = account_day.completed_amount + VALUES(completed_amount),
        open_amount = account_day.open_amount + VALUES(open_amount),
        completed_amount_squares = account_day.completed_amount_squares + VALUES(completed_amount_squares);
        -- end

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
        -- each account measure: SUM(d.{name})
        SUM(d.total_count),
        SUM(d.completed_count),
        SUM(d.failed_count),
        SUM(d.denied_count),
        SUM(d.open_count),
        SUM(d.total_amount),
        SUM(d.completed_amount),
        SUM(d.open_amount),
        SUM(d.completed_amount_squares)
        -- end
    FROM delta_account_day AS d
    WHERE d.activity_date BETWEEN in_window_end - INTERVAL 29 DAY AND in_window_end
    GROUP BY d.account_id
    ON DUPLICATE KEY UPDATE
        -- each account measure: {name} = account_window.{name} + VALUES({name});
        total_count = account_window.total_count + VALUES(total_count),
        completed_count = account_window.completed_count + VALUES(completed_count),
        failed_count = account_window.failed_count + VALUES(failed_count),
        denied_count = account_window.denied_count + VALUES(denied_count),
        open_count = account_window.open_count + VALUES(open_count),
        total_amount = account_window.total_amount + VALUES(total_amount),
        completed_amount = account_window.completed_amount + VALUES(completed_amount),
        open_amount = account_window.open_amount + VALUES(open_amount),
        completed_amount_squares = account_window.completed_amount_squares + VALUES(completed_amount_squares);
        -- end

    INSERT INTO customer_window (
        customer_id,
        total_count,
        completed_count,
        completed_amount
    )
    SELECT
        a.customer_id,
        SUM(d.total_count + 0e0),
        SUM(d.completed_count + 0e0),
        SUM(d.completed_amount)
    FROM delta_account_day AS d
    STRAIGHT_JOIN accounts AS a ON a.account_id = d.account_id
    WHERE d.activity_date BETWEEN in_window_end - INTERVAL 29 DAY AND in_window_end
    GROUP BY a.customer_id
    ON DUPLICATE KEY UPDATE
        total_count = customer_window.total_count + VALUES(total_count),
        completed_count = customer_window.completed_count + VALUES(completed_count),
        completed_amount = customer_window.completed_amount + VALUES(completed_amount);

    -- Rules look at these accounts again. In the order of accounts, as whoever else writes here.
    INSERT INTO risk_pending (account_id, from_date)
    SELECT
        d.account_id,
        MIN(d.activity_date)
    FROM delta_account_day AS d
    GROUP BY d.account_id
    ORDER BY d.account_id
    ON DUPLICATE KEY UPDATE
        from_date = LEAST(risk_pending.from_date, VALUES(from_date));
END$$

DELIMITER ;
