DELIMITER $$

CREATE OR REPLACE PROCEDURE unflag_payment(
    IN in_transaction_id BIGINT,
    IN in_reason VARCHAR(400) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Removes the flag of a payment: what it counted for is taken back from the ledger by an
entry of its own, and counts no longer from the next apply_risk_scores on. A case that it opened
stays, for somebody to decide.
Errors: 30001 open transaction, 30014 a setting of the session, 30002 argument, 30501 rules are
    being evaluated, 30509 the payment is not flagged.
Transaction: owns.
Example: CALL unflag_payment(17, ''the customer remembers it'')'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_sqlstate CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_flag_id BIGINT;
    DECLARE v_flagged_at DATETIME;
    DECLARE v_lock VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
        DEFAULT CONCAT(LEFT(SHA2(DATABASE(), 256), 32), '.evaluate_rules');

    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'unflag_payment: called inside an open transaction';
    END IF;
    CALL check_session(TRUE);
    IF COALESCE(TRIM(in_reason), '') = '' THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'unflag_payment: a reason is needed';
    END IF;
    -- An evaluation under way may be making a hit of the flag.
    IF COALESCE(GET_LOCK(v_lock, 10), 0) <> 1 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30501,
            MESSAGE_TEXT = 'unflag_payment: rules are being evaluated';
    END IF;
    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_sqlstate, v_message);
            ROLLBACK;
            DO RELEASE_LOCK(v_lock);
            CALL log_routine_error('unflag_payment', v_errno, v_sqlstate, v_message);
            RESIGNAL;
        END;

        START TRANSACTION;
        SELECT
            MAX(f.flag_id),
            MAX(f.flagged_at)
        INTO v_flag_id, v_flagged_at
        FROM payment_flags AS f
        WHERE f.flagged_transaction_id = in_transaction_id
        FOR UPDATE;
        IF v_flag_id IS NULL THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30509,
                MESSAGE_TEXT = 'unflag_payment: the payment is not flagged';
        END IF;
        UPDATE payment_flags
        SET
            removed_by = acting_person(),
            removed_at = UTC_TIMESTAMP(),
            removal_reason = in_reason
        WHERE flag_id = v_flag_id;
        -- The entry decays as the one that it takes back. A hit that is not counted yet never is.
        INSERT INTO risk_events (
            customer_id,
            rule_id,
            rule_version,
            hit_id,
            points,
            window_key,
            half_life_days,
            occurred_at,
            expires_at,
            evidence,
            recorded_at
        )
        SELECT
            h.customer_id,
            h.rule_id,
            h.rule_version,
            h.hit_id,
            IF(e.event_id IS NULL, 0, -e.points),
            CONCAT(h.subject, '@', h.window_from, IF(e.event_id IS NULL, '', '-removed')),
            COALESCE(e.half_life_days, 1),
            h.window_to,
            COALESCE(e.expires_at, h.window_to + INTERVAL 1 DAY),
            'flag removed',
            UTC_TIMESTAMP()
        FROM risk_hits AS h
        LEFT JOIN risk_events AS e
            ON e.rule_id = h.rule_id
                AND e.window_key = CONCAT(h.subject, '@', h.window_from)
        WHERE h.rule_id = 'M01'
            AND h.subject = CONCAT('payment:', in_transaction_id)
            AND h.window_from = v_flagged_at;
        COMMIT;
    END;
    DO RELEASE_LOCK(v_lock);
END$$

DELIMITER ;
