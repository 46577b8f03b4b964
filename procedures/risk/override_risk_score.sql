DELIMITER $$

CREATE OR REPLACE PROCEDURE override_risk_score(
    IN in_customer_id BIGINT,
    IN in_score DECIMAL(5,2),
    IN in_reason VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_days INT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Sets the score of a customer by hand for in_days days: the ledger stays, and counts again
afterwards. apply_risk_scores brings it into customers.
Errors: 30014 a setting of the session, 30002 argument, 30502 no such customer.
Transaction: joins.
Example: CALL override_risk_score(1, 0, ''explained by the sale of a house'', 30)'
BEGIN
    CALL check_session(TRUE);
    IF in_score IS NULL OR in_score NOT BETWEEN 0 AND 100 OR COALESCE(in_reason, '') = ''
        OR in_days IS NULL OR in_days NOT BETWEEN 1 AND 3650 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'override_risk_score: score 0 to 100, a reason and 1 to 3650 days are needed';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM customers AS c WHERE c.customer_id = in_customer_id) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30502,
            MESSAGE_TEXT = 'override_risk_score: the customer does not exist';
    END IF;
    INSERT INTO risk_overrides (
        customer_id,
        override_score,
        reason,
        set_by,
        set_at,
        expires_at
    ) VALUES (
        in_customer_id,
        in_score,
        in_reason,
        acting_person(),
        UTC_TIMESTAMP(),
        UTC_TIMESTAMP() + INTERVAL in_days DAY
    );
END$$

DELIMITER ;
