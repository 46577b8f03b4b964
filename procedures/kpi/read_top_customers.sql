DELIMITER $$

CREATE OR REPLACE PROCEDURE read_top_customers(
    IN in_from DATE,
    IN in_to DATE,
    IN in_order VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_limit INT
)
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'The customers who spent most in the UTC days in_from to in_to, both included, from the
rollups of accounts; for the last 30 days the view spend_customers costs less.
Parameters:
    in_order: amount for the largest completed amount first, count for the most completed payments
    in_limit: most customers, 1 to 1,000,000
Result: customer_rank, customer_id, account_count, total_count, completed_count, completed_amount,
    mean_amount (NULL when nothing was completed).
Errors: 30002 argument.
Transaction: joins.
Example: CALL read_top_customers(''2026-11-01'', ''2026-11-30'', ''count'', 50)'
BEGIN
    IF in_from IS NULL OR in_to IS NULL OR in_to < in_from THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'read_top_customers: in_from and in_to are not a range of days';
    END IF;
    IF in_order IS NULL OR in_order NOT IN ('amount', 'count') THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'read_top_customers: in_order is not amount or count';
    END IF;
    IF in_limit IS NULL OR in_limit NOT BETWEEN 1 AND 1000000 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'read_top_customers: in_limit is not from 1 to 1,000,000';
    END IF;

    SELECT
        CAST(ROW_NUMBER() OVER (
            ORDER BY
                IF(in_order = 'amount', c.completed_amount, c.completed_count) DESC,
                c.customer_id
        ) AS SIGNED) AS customer_rank,
        c.customer_id,
        CAST(c.account_count AS SIGNED) AS account_count,
        CAST(c.total_count AS SIGNED) AS total_count,
        CAST(c.completed_count AS SIGNED) AS completed_count,
        CAST(c.completed_amount AS DECIMAL(21, 4)) AS completed_amount,
        CAST(
            1.000000 * c.completed_amount
            / NULLIF(c.completed_count, 0)
        AS DECIMAL(21, 4)) AS mean_amount
    FROM (
        SELECT
            a.customer_id,
            COUNT(*) AS account_count,
            SUM(s.total_count) AS total_count,
            SUM(s.completed_count) AS completed_count,
            SUM(s.completed_amount) AS completed_amount
        FROM (
            SELECT
                d.account_id,
                SUM(d.total_count) AS total_count,
                SUM(d.completed_count) AS completed_count,
                SUM(d.completed_amount) AS completed_amount
            -- By day: in the order of accounts the server would read every day of them.
            FROM account_day AS d FORCE INDEX (PRIMARY)
            WHERE d.activity_date BETWEEN in_from AND in_to
            GROUP BY d.account_id
            HAVING SUM(d.total_count) > 0
        ) AS s
        INNER JOIN accounts AS a ON a.account_id = s.account_id
        GROUP BY a.customer_id
    ) AS c
    ORDER BY customer_rank
    LIMIT in_limit;
END$$

DELIMITER ;
