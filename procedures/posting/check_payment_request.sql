DELIMITER $$

CREATE OR REPLACE PROCEDURE check_payment_request(
    IN in_idempotency_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_is_complete TINYINT
)
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'Refuses what no posting procedure can work with. in_is_complete: whether all other arguments are there. Keys that begin with payops: are those of payops itself. Errors: 30001 open transaction, 30002 argument. Transaction: none'
BEGIN
    IF COALESCE(in_idempotency_key, '') = '' OR in_idempotency_key LIKE 'payops:%' THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'check_payment_request: the idempotency key is missing, or begins with payops:';
    END IF;
    IF NOT COALESCE(in_is_complete, 0) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'check_payment_request: an argument is missing, or an amount is not positive';
    END IF;
    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'check_payment_request: a posting procedure was called inside an open transaction';
    END IF;
END$$

DELIMITER ;
