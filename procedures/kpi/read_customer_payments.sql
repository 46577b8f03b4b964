DELIMITER $$

CREATE OR REPLACE PROCEDURE read_customer_payments(
    IN in_customer_id BIGINT,
    IN in_before DATETIME,
    IN in_before_id BIGINT,
    IN in_limit INT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'A page of the payments of a customer, the newest first, with the columns of payment_list. The
days that hold the page are known from the rollups of the accounts, so that it costs the payments of
these days, however many the customer has.
Parameters:
    in_before, in_before_id: transaction_time and transaction_id of the last row of the page before;
        NULL for the first page
    in_limit: most payments, 1 to 10,000
Result: payments in descending order of transaction_time and transaction_id.
Errors: 30002 argument.
Transaction: joins.
Example: CALL read_customer_payments(225, NULL, NULL, 50)'
BEGIN
    DECLARE v_before DATETIME DEFAULT COALESCE(in_before, '9999-12-31 23:59:59');
    DECLARE v_before_id BIGINT DEFAULT COALESCE(in_before_id, 9223372036854775807);
    DECLARE v_from DATE;

    IF in_customer_id IS NULL THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'read_customer_payments: in_customer_id is NULL';
    END IF;
    IF in_limit IS NULL OR in_limit NOT BETWEEN 1 AND 10000 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'read_customer_payments: in_limit is not from 1 to 10,000';
    END IF;
    IF (in_before IS NULL) <> (in_before_id IS NULL) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'read_customer_payments: in_before and in_before_id belong together';
    END IF;

    -- The day from which on the page is full. The day of in_before is read too and not counted, and
    -- a hundred payments more, which may be deleted and still be in the rollups.
    SELECT MAX(c.activity_date)
    INTO v_from
    FROM (
        SELECT
            d.activity_date,
            SUM(SUM(d.total_count)) OVER (ORDER BY d.activity_date DESC) AS running_count
        FROM accounts AS a
        INNER JOIN account_day AS d FORCE INDEX (idx_account_day_account)
            ON d.account_id = a.account_id
        WHERE a.customer_id = in_customer_id
            AND d.activity_date < DATE(v_before)
        GROUP BY d.activity_date
    ) AS c
    WHERE c.running_count >= in_limit + 100;

    EXECUTE IMMEDIATE CONCAT(
        'SELECT p.* FROM payment_list AS p WHERE p.customer_id = ', in_customer_id,
        ' AND p.transaction_date >= ''', COALESCE(v_from, '1000-01-01'), '''',
        ' AND p.transaction_date <= ''', DATE(v_before), '''',
        ' AND (p.transaction_time < ''', v_before, '''',
        ' OR p.transaction_time = ''', v_before, ''' AND p.transaction_id < ', v_before_id, ')',
        ' ORDER BY p.transaction_time DESC, p.transaction_id DESC LIMIT ', in_limit);
END$$

DELIMITER ;
