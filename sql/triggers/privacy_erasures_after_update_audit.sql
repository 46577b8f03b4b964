DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER privacy_erasures_after_update_audit
AFTER UPDATE ON privacy_erasures
FOR EACH ROW
BEGIN
    IF NOT (
        NEW.customer_id <=> OLD.customer_id
        AND NEW.digest <=> OLD.digest
    ) THEN
        CALL write_audit(
            'erasure',
            NEW.erasure_id,
            'changed',
            JSON_OBJECT(
                'customer_id', OLD.customer_id,
                'digest', OLD.digest),
            JSON_OBJECT(
                'customer_id', NEW.customer_id,
                'digest', NEW.digest));
    END IF;
END$$

DELIMITER ;
