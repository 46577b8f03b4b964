DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER privacy_erasures_after_insert_audit
AFTER INSERT ON privacy_erasures
FOR EACH ROW
BEGIN
    CALL write_audit(
        'erasure',
        NEW.erasure_id,
        'created',
        NULL,
        JSON_OBJECT(
            'customer_id', NEW.customer_id,
            'digest', NEW.digest));
END$$

DELIMITER ;
