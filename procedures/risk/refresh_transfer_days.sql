DELIMITER $$

CREATE OR REPLACE PROCEDURE refresh_transfer_days()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Recomputes the edges in transfer_day of the payers in risk_scope_day, and adds the
accounts that were paid to the scope.
Transaction: joins'
BEGIN
    DROP TEMPORARY TABLE IF EXISTS paid_accounts;
    CREATE TEMPORARY TABLE paid_accounts (
        account_id BIGINT NOT NULL PRIMARY KEY,
        from_date DATE NOT NULL
    ) ENGINE = Aria TRANSACTIONAL = 0;

    -- Those who were paid before the change, and are perhaps not any more.
    INSERT INTO paid_accounts
    SELECT
        e.payee_account_id,
        MIN(e.transfer_date)
    FROM risk_scope AS s
    STRAIGHT_JOIN transfer_day AS e
        ON e.payer_account_id = s.account_id AND e.transfer_date >= s.from_date
    GROUP BY e.payee_account_id;
    DELETE e
    FROM risk_scope AS s
    STRAIGHT_JOIN transfer_day AS e
        ON e.payer_account_id = s.account_id AND e.transfer_date >= s.from_date;

    INSERT INTO transfer_day (
        payer_account_id,
        payee_account_id,
        transfer_date,
        transfer_count,
        transfer_amount,
        maximum_amount,
        first_at,
        last_at
    )
    SELECT
        t.account_id,
        t.counterparty_account_id,
        t.transaction_date,
        COUNT(*),
        COALESCE(SUM(t.base_amount), 0),
        COALESCE(MAX(t.base_amount), 0),
        MIN(t.transaction_time),
        MAX(t.transaction_time)
    FROM risk_scope_day AS d
    STRAIGHT_JOIN transactions AS t FORCE INDEX (idx_transactions_account_date)
        ON t.account_id = d.account_id AND t.transaction_date = d.risk_date
    -- The row of the account that was paid, where there is one too, would be an edge back.
    STRAIGHT_JOIN transaction_types AS y
        ON y.transaction_type = t.transaction_type AND y.is_outgoing = 1
    WHERE d.is_new = 1
        AND d.transfer_count > 0
        AND t.counterparty_account_id IS NOT NULL
        AND t.status = 'completed'
        AND t.transaction_time <= as_of()
    GROUP BY t.account_id, t.counterparty_account_id, t.transaction_date;

    INSERT INTO paid_accounts
    SELECT
        e.payee_account_id,
        MIN(e.transfer_date)
    FROM risk_scope AS s
    STRAIGHT_JOIN transfer_day AS e
        ON e.payer_account_id = s.account_id AND e.transfer_date >= s.from_date
    GROUP BY e.payee_account_id
    ON DUPLICATE KEY UPDATE
        from_date = LEAST(paid_accounts.from_date, VALUES(from_date));
    INSERT INTO risk_scope (account_id, customer_id, from_date)
    SELECT
        p.account_id,
        a.customer_id,
        p.from_date
    FROM paid_accounts AS p
    STRAIGHT_JOIN accounts AS a ON a.account_id = p.account_id
    ON DUPLICATE KEY UPDATE
        is_filled = IF(VALUES(from_date) < risk_scope.from_date, 0, risk_scope.is_filled),
        from_date = LEAST(risk_scope.from_date, VALUES(from_date));
    DROP TEMPORARY TABLE paid_accounts;
END$$

DELIMITER ;
