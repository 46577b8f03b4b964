DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER scheme_limits_after_insert_audit
AFTER INSERT ON scheme_limits
FOR EACH ROW
BEGIN
    CALL write_audit(
        'scheme_limit',
        CONCAT(NEW.card_scheme, ' ', NEW.programme, ' ', NEW.limit_level, ' ', NEW.valid_from),
        'created',
        NULL,
        JSON_OBJECT(
            'limit_ratio', NEW.limit_ratio,
            'minimum_count', NEW.minimum_count));
END$$

DELIMITER ;
