DELIMITER $$

CREATE OR REPLACE PROCEDURE rebuild_customer_window()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Replaces customer_window by the sums of account_window.
Helper: joins the transaction of the caller, who holds rollup_state'
BEGIN
    DELETE FROM customer_window;
    INSERT INTO customer_window (
        customer_id,
        total_count,
        completed_count,
        completed_amount
    )
    SELECT
        a.customer_id,
        SUM(w.total_count),
        SUM(w.completed_count),
        SUM(w.completed_amount)
    FROM account_window AS w
    INNER JOIN accounts AS a ON a.account_id = w.account_id
    GROUP BY a.customer_id;
END$$

DELIMITER ;
