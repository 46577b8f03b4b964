-- The watchdog of the database: sees when no scheduler starts jobs any more.
CREATE OR REPLACE EVENT watch_jobs
ON SCHEDULE EVERY 1 MINUTE STARTS '2000-01-01 00:00:00'
ON COMPLETION PRESERVE
ENABLE
COMMENT 'Raises job_late and scheduler_silent when payops run does not'
DO
CALL check_jobs('event');
