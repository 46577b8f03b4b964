DELIMITER $$

CREATE OR REPLACE PROCEDURE find_scope_dates()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Fills the temporary table scope_dates with the days from fill_date on of the accounts in
risk_scope that are not filled yet: pairs that an index finds one by one, however long the history
is.
Transaction: joins'
BEGIN
    DROP TEMPORARY TABLE IF EXISTS scope_dates;
    CREATE TEMPORARY TABLE scope_dates (
        account_id BIGINT NOT NULL,
        risk_date DATE NOT NULL,
        customer_id BIGINT NOT NULL,
        from_date DATE NOT NULL,
        PRIMARY KEY (account_id, risk_date)
    ) ENGINE = Aria TRANSACTIONAL = 0;

    INSERT INTO scope_dates
    SELECT
        s.account_id,
        s.fill_date + INTERVAL n.days DAY,
        s.customer_id,
        s.from_date
    FROM risk_scope AS s
    STRAIGHT_JOIN int_days_back AS n ON n.days <= DATEDIFF(as_of(), s.fill_date)
    WHERE s.is_filled = 0
        AND s.fill_date >= DATE(as_of()) - INTERVAL 16 DAY;
    -- A change long ago: the days that have payments.
    INSERT INTO scope_dates
    SELECT DISTINCT
        s.account_id,
        t.transaction_date,
        s.customer_id,
        s.from_date
    FROM risk_scope AS s
    STRAIGHT_JOIN transactions AS t FORCE INDEX (idx_transactions_account_date)
        ON t.account_id = s.account_id AND t.transaction_date >= s.fill_date
    WHERE s.is_filled = 0
        AND s.fill_date < DATE(as_of()) - INTERVAL 16 DAY;
END$$

DELIMITER ;
