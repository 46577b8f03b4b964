DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER scheme_limits_after_update_audit
AFTER UPDATE ON scheme_limits
FOR EACH ROW
BEGIN
    IF NOT (
        NEW.limit_ratio <=> OLD.limit_ratio
        AND NEW.minimum_count <=> OLD.minimum_count
    ) THEN
        CALL write_audit(
            'scheme_limit',
            CONCAT(NEW.card_scheme, ' ', NEW.programme, ' ', NEW.limit_level, ' ', NEW.valid_from),
            'changed',
            JSON_OBJECT(
                'limit_ratio', OLD.limit_ratio,
                'minimum_count', OLD.minimum_count),
            JSON_OBJECT(
                'limit_ratio', NEW.limit_ratio,
                'minimum_count', NEW.minimum_count));
    END IF;
END$$

DELIMITER ;
