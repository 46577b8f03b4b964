DELIMITER $$

CREATE OR REPLACE PROCEDURE refresh_risk_features()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Recomputes transfer_day for the days of the scope, adds the accounts that were paid to the
scope, and fills risk_scope_day. Doing it twice changes nothing.
Transaction: joins'
BEGIN
    CALL fill_risk_scope_days();
    CALL refresh_transfer_days();
    -- The accounts that were paid.
    CALL fill_risk_scope_days();

    INSERT INTO risk_scope_day (
        account_id,
        risk_date,
        customer_id,
        is_new,
        received_count,
        received_amount
    )
    SELECT
        e.payee_account_id,
        e.transfer_date,
        s.customer_id,
        e.transfer_date >= s.from_date,
        SUM(e.transfer_count),
        SUM(e.transfer_amount)
    FROM risk_scope AS s
    STRAIGHT_JOIN transfer_day AS e FORCE INDEX (idx_transfer_day_payee)
        ON e.payee_account_id = s.account_id
            AND e.transfer_date >= s.fill_date
    GROUP BY e.payee_account_id, e.transfer_date
    ON DUPLICATE KEY UPDATE
        received_count = VALUES(received_count),
        received_amount = VALUES(received_amount);
END$$

DELIMITER ;
