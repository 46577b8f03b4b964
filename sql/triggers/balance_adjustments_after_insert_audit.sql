DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER balance_adjustments_after_insert_audit
AFTER INSERT ON balance_adjustments
FOR EACH ROW
BEGIN
    CALL write_audit(
        'balance_adjustment',
        NEW.request_id,
        'created',
        NULL,
        JSON_OBJECT(
            'account_id', NEW.account_id,
            'adjustment_amount', NEW.adjustment_amount));
END$$

DELIMITER ;
