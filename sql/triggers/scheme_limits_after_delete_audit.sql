DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER scheme_limits_after_delete_audit
AFTER DELETE ON scheme_limits
FOR EACH ROW
BEGIN
    CALL write_audit(
        'scheme_limit',
        CONCAT(OLD.card_scheme, ' ', OLD.programme, ' ', OLD.limit_level, ' ', OLD.valid_from),
        'deleted',
        JSON_OBJECT(
            'limit_ratio', OLD.limit_ratio,
            'minimum_count', OLD.minimum_count),
        NULL);
END$$

DELIMITER ;
