DELIMITER $$

CREATE OR REPLACE PROCEDURE delete_applied_changes()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Deletes from the logs exactly the changes that the batch_... tables of this connection
hold.
Helper: joins the transaction of the caller'
BEGIN
    DELETE c FROM batch_transactions AS b
    STRAIGHT_JOIN transaction_changes AS c ON c.change_id = b.change_id;
    DELETE c FROM batch_settlements AS b
    STRAIGHT_JOIN settlement_changes AS c ON c.change_id = b.change_id;
    DELETE c FROM batch_logins AS b
    STRAIGHT_JOIN login_changes AS c ON c.change_id = b.change_id;
END$$

DELIMITER ;
