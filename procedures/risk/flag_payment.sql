DELIMITER $$

CREATE OR REPLACE PROCEDURE flag_payment(
    IN in_transaction_id BIGINT,
    IN in_flag_level VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_reason VARCHAR(400) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Flags a payment by hand. The next evaluate_rules makes a hit of rule M01 of it, with the
points of the level; it counts for the score and opens a case.
Parameters:
    in_flag_level: Low, Medium or High
    in_reason: why, in words; without the number of a card
Errors: 30014 a setting of the session, 30002 argument, 30403 no such payment, 30405 the payment is
    in the archive, 30508 the payment is flagged.
Transaction: joins.
Example: CALL flag_payment(17, ''High'', ''the customer says it is not theirs'')'
BEGIN
    DECLARE v_account_id BIGINT;
    DECLARE v_customer_id BIGINT;
    DECLARE EXIT HANDLER FOR 1062
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30508,
            MESSAGE_TEXT = 'flag_payment: the payment is flagged already';

    CALL check_session(TRUE);
    IF COALESCE(in_flag_level, '') NOT IN ('Low', 'Medium', 'High') THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'flag_payment: the level is Low, Medium or High';
    END IF;
    IF COALESCE(TRIM(in_reason), '') = '' THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'flag_payment: a reason is needed';
    END IF;
    SELECT
        MAX(t.account_id),
        MAX(a.customer_id)
    INTO v_account_id, v_customer_id
    FROM transactions AS t
    INNER JOIN accounts AS a ON a.account_id = t.account_id
    WHERE t.transaction_id = in_transaction_id;
    IF v_account_id IS NULL THEN
        IF EXISTS (
            SELECT 1
            FROM transactions_archive AS t
            WHERE t.transaction_id = in_transaction_id
        ) THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30405,
                MESSAGE_TEXT = 'flag_payment: the payment is in the archive';
        END IF;
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30403,
            MESSAGE_TEXT = 'flag_payment: the payment does not exist';
    END IF;
    INSERT INTO payment_flags (
        transaction_id,
        account_id,
        customer_id,
        flag_level,
        reason,
        flagged_by,
        flagged_at
    ) VALUES (
        in_transaction_id,
        v_account_id,
        v_customer_id,
        in_flag_level,
        in_reason,
        acting_person(),
        UTC_TIMESTAMP()
    );
    -- Today is enough: the rule looks at the flag, not at the day of the payment.
    INSERT INTO risk_pending (account_id, from_date)
    VALUES (v_account_id, UTC_DATE())
    ON DUPLICATE KEY UPDATE from_date = LEAST(risk_pending.from_date, VALUES(from_date));
END$$

DELIMITER ;
