DELIMITER $$

CREATE OR REPLACE FUNCTION has_open_transaction()
RETURNS TINYINT
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'Whether the session has an open transaction, in place of @@in_transaction. The owner needs
SELECT on performance_schema.events_transactions_current; the server keeps it by default.
Example: SELECT has_open_transaction()'
BEGIN
    RETURN EXISTS (
        SELECT 1
        FROM performance_schema.events_transactions_current AS t
        WHERE t.thread_id = PS_CURRENT_THREAD_ID()
            AND t.state = 'ACTIVE'
            AND t.autocommit = 'NO'
    );
END$$

DELIMITER ;
