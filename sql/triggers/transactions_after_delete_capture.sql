DELIMITER $$

-- Captures a payment that ended, once.
-- Reads no generated column: each would be computed for every row, in a bulk load too.
-- A duration of more than 24 days counts as 24 days, so that a row can always be changed.
-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER transactions_after_delete_capture
AFTER DELETE ON transactions
FOR EACH ROW
BEGIN
    DECLARE v_is_bulk_load BOOLEAN DEFAULT FALSE;

    -- In a bulk load the row may be one of its own, which apply_bulk_load adds as it then is.
    IF @payops_bulk_load IS NOT NULL THEN
        SET v_is_bulk_load = (BINARY LASTVAL(bulk_loads) <=> BINARY @payops_bulk_load);
    END IF;
    IF v_is_bulk_load THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30007,
            MESSAGE_TEXT = 'transactions: row deleted in a session that loads in bulk';
    END IF;
    -- A payment that is in the archive continues to count.
    IF NOT EXISTS (
        SELECT 1
        FROM transactions_archive AS a
        WHERE a.transaction_id = OLD.transaction_id
            AND a.transaction_time = OLD.transaction_time
    ) THEN
        INSERT INTO transaction_changes (
            change_sign,
            account_id,
            transaction_time,
            status,
            base_amount,
            duration_ms,
            is_final_attempt,
            transaction_type,
            merchant_category,
            location,
            device_type,
            channel,
            product,
            acquirer,
            card_scheme,
            response_code,
            ingested_at
        ) VALUES (
            -1,
            OLD.account_id,
            OLD.transaction_time,
            OLD.status,
            OLD.base_amount,
            LEAST(
                TIMESTAMPDIFF(MICROSECOND, OLD.requested_at, OLD.responded_at) DIV 1000,
                2147483647),
            OLD.is_final_attempt,
            OLD.transaction_type,
            OLD.merchant_category,
            OLD.location,
            OLD.device_type,
            OLD.channel,
            OLD.product,
            OLD.acquirer,
            OLD.card_scheme,
            OLD.response_code,
            OLD.ingested_at
        );
    END IF;
END$$

DELIMITER ;
