DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER jobs_after_insert_audit
AFTER INSERT ON jobs
FOR EACH ROW
BEGIN
    CALL write_audit(
        'job',
        NEW.job_name,
        'created',
        NULL,
        JSON_OBJECT(
            'command_text', NEW.command_text,
            'request_text', NEW.request_text,
            'schedule', NEW.schedule,
            'time_zone', NEW.time_zone,
            'catch_up', NEW.catch_up,
            'timeout_seconds', NEW.timeout_seconds,
            'maximum_attempts', NEW.maximum_attempts,
            'is_enabled', NEW.is_enabled));
END$$

DELIMITER ;
