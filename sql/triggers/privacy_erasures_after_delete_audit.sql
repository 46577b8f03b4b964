DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER privacy_erasures_after_delete_audit
AFTER DELETE ON privacy_erasures
FOR EACH ROW
BEGIN
    CALL write_audit(
        'erasure',
        OLD.erasure_id,
        'deleted',
        JSON_OBJECT(
            'customer_id', OLD.customer_id,
            'digest', OLD.digest),
        NULL);
END$$

DELIMITER ;
