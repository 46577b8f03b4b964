DELIMITER $$

CREATE OR REPLACE PROCEDURE find_undone_changes(
    OUT out_is_found BOOLEAN
)
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'Whether a change in the batch_... tables may undo one in change_quarantine: it has the
same account and time, or rail and due time, or time of login, and the other sign. Reads nothing
more while the quarantine is empty.
Helper: joins the transaction of the caller'
BEGIN
    -- SELECT INTO, for SET and IF would lock what they read.
    SELECT EXISTS (SELECT 1 FROM change_quarantine) INTO out_is_found;
    IF out_is_found THEN
        SELECT
            EXISTS (
                SELECT 1
                FROM batch_transactions AS b
                INNER JOIN change_quarantine AS q
                    ON q.account_id = b.account_id
                        AND q.transaction_time >= TIMESTAMP'1000-01-01 00:00:00'
                            + INTERVAL b.minute_number MINUTE
                        AND q.transaction_time < TIMESTAMP'1000-01-01 00:00:00'
                            + INTERVAL b.minute_number + 1 MINUTE
                        AND q.change_sign = -b.change_sign)
            OR EXISTS (
                SELECT 1
                FROM batch_settlements AS b
                INNER JOIN change_quarantine AS q
                    ON q.rail = b.rail AND q.due_at = b.due_at AND q.change_sign = -b.change_sign)
            OR EXISTS (
                SELECT 1
                FROM batch_logins AS b
                INNER JOIN change_quarantine AS q
                    ON q.login_time = b.login_time AND q.change_sign = -b.change_sign)
        INTO out_is_found;
    END IF;
END$$

DELIMITER ;
