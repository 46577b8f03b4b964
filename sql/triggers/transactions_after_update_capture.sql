DELIMITER $$

-- Captures a change of a payment: the old version ends, the new one appears. An update that
-- touches nothing the rollups depend on is not captured.
-- Reads no generated column: each would be computed for every row, in a bulk load too.
-- A duration of more than 24 days counts as 24 days, so that a row can always be changed.
-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER transactions_after_update_capture
AFTER UPDATE ON transactions
FOR EACH ROW
BEGIN
    DECLARE v_is_bulk_load BOOLEAN DEFAULT FALSE;

    IF NOT (
        OLD.account_id <=> NEW.account_id
        AND OLD.transaction_time <=> NEW.transaction_time
        AND OLD.status <=> NEW.status
        AND OLD.base_amount <=> NEW.base_amount
        AND LEAST(
                TIMESTAMPDIFF(MICROSECOND, OLD.requested_at, OLD.responded_at) DIV 1000,
                2147483647)
            <=> LEAST(
                TIMESTAMPDIFF(MICROSECOND, NEW.requested_at, NEW.responded_at) DIV 1000,
                2147483647)
        AND OLD.is_final_attempt <=> NEW.is_final_attempt
        AND OLD.transaction_type <=> NEW.transaction_type
        AND OLD.merchant_category <=> NEW.merchant_category
        AND OLD.location <=> NEW.location
        AND OLD.device_type <=> NEW.device_type
        AND OLD.channel <=> NEW.channel
        AND OLD.product <=> NEW.product
        AND OLD.acquirer <=> NEW.acquirer
        AND OLD.card_scheme <=> NEW.card_scheme
        AND OLD.response_code <=> NEW.response_code
    ) THEN
        -- In a bulk load the row may be one of its own, which apply_bulk_load adds as it then is.
        IF @payops_bulk_load IS NOT NULL THEN
            SET v_is_bulk_load = (BINARY LASTVAL(bulk_loads) <=> BINARY @payops_bulk_load);
        END IF;
        IF v_is_bulk_load THEN
            SIGNAL SQLSTATE '45000' SET
                MYSQL_ERRNO = 30007,
                MESSAGE_TEXT = 'transactions: row updated in a session that loads in bulk';
        END IF;
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
        ), (
            1,
            NEW.account_id,
            NEW.transaction_time,
            NEW.status,
            NEW.base_amount,
            LEAST(
                TIMESTAMPDIFF(MICROSECOND, NEW.requested_at, NEW.responded_at) DIV 1000,
                2147483647),
            NEW.is_final_attempt,
            NEW.transaction_type,
            NEW.merchant_category,
            NEW.location,
            NEW.device_type,
            NEW.channel,
            NEW.product,
            NEW.acquirer,
            NEW.card_scheme,
            NEW.response_code,
            NEW.ingested_at
        );
    END IF;
END$$

DELIMITER ;
