DELIMITER $$

CREATE OR REPLACE FUNCTION account_is_closed(
    in_account_id BIGINT
)
RETURNS TINYINT
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
COMMENT '1 when an account is closed, 0 when it is not, NULL when there is no such account'
BEGIN
    RETURN (
        SELECT a.account_status = 'closed'
        FROM accounts AS a
        WHERE a.account_id = in_account_id
    );
END$$

DELIMITER ;
