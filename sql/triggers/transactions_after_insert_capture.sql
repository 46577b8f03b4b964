DELIMITER $$

-- Captures a payment that appeared, once; a bulk load adds its own rows to the rollups itself.
-- Reads no generated column: each would be computed for every row, in a bulk load too.
-- A duration of more than 24 days counts as 24 days, so that a row can always be changed.
-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER transactions_after_insert_capture
AFTER INSERT ON transactions
FOR EACH ROW
BEGIN
    DECLARE v_is_bulk_load BOOLEAN DEFAULT FALSE;

    -- The variable alone is worth nothing: the number is that of begin_bulk_load in this session.
    IF @payops_bulk_load IS NOT NULL THEN
        SET v_is_bulk_load = (BINARY LASTVAL(bulk_loads) <=> BINARY @payops_bulk_load);
    END IF;
    IF NOT v_is_bulk_load THEN
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
