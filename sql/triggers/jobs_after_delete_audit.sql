DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER jobs_after_delete_audit
AFTER DELETE ON jobs
FOR EACH ROW
BEGIN
    CALL write_audit(
        'job',
        OLD.job_name,
        'deleted',
        JSON_OBJECT(
            'command_text', OLD.command_text,
            'request_text', OLD.request_text,
            'schedule', OLD.schedule,
            'time_zone', OLD.time_zone,
            'catch_up', OLD.catch_up,
            'timeout_seconds', OLD.timeout_seconds,
            'maximum_attempts', OLD.maximum_attempts,
            'is_enabled', OLD.is_enabled),
        NULL);
END$$

DELIMITER ;
