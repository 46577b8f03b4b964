DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER jobs_after_update_audit
AFTER UPDATE ON jobs
FOR EACH ROW
BEGIN
    IF NOT (
        NEW.command_text <=> OLD.command_text
        AND NEW.request_text <=> OLD.request_text
        AND NEW.schedule <=> OLD.schedule
        AND NEW.time_zone <=> OLD.time_zone
        AND NEW.catch_up <=> OLD.catch_up
        AND NEW.timeout_seconds <=> OLD.timeout_seconds
        AND NEW.maximum_attempts <=> OLD.maximum_attempts
        AND NEW.is_enabled <=> OLD.is_enabled
    ) THEN
        CALL write_audit(
            'job',
            NEW.job_name,
            'changed',
            JSON_OBJECT(
                'command_text', OLD.command_text,
                'request_text', OLD.request_text,
                'schedule', OLD.schedule,
                'time_zone', OLD.time_zone,
                'catch_up', OLD.catch_up,
                'timeout_seconds', OLD.timeout_seconds,
                'maximum_attempts', OLD.maximum_attempts,
                'is_enabled', OLD.is_enabled),
            JSON_OBJECT(
                'command_text', NEW.command_text,
                'request_text', NEW.request_text,
                'schedule', NEW.schedule,
                'time_zone', NEW.time_zone,
                'catch_up', NEW.catch_up,
                'timeout_seconds', NEW.timeout_seconds,
                'maximum_attempts', NEW.maximum_attempts,
                'is_enabled', NEW.is_enabled));
    END IF;
END$$

DELIMITER ;
