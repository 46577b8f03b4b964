DELIMITER $$

CREATE OR REPLACE PROCEDURE refresh_risk_features()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Recomputes account_risk_day and transfer_day for the days of the scope from the payments, and adds the accounts that were paid to the scope. Doing it twice changes nothing. Transaction: joins'
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
        DATE(t.transaction_time) AS transfer_date,
        COUNT(*),
        COALESCE(SUM(t.base_amount), 0),
        COALESCE(MAX(t.base_amount), 0),
        MIN(t.transaction_time),
        MAX(t.transaction_time)
    FROM risk_scope AS s
    STRAIGHT_JOIN transactions AS t FORCE INDEX (idx_transactions_account_time)
        ON t.account_id = s.account_id AND t.transaction_time >= s.from_date
    WHERE t.counterparty_account_id IS NOT NULL
        AND t.status = 'completed'
        -- A refund goes the other way.
        AND t.transaction_type <> 'refund'
    GROUP BY t.account_id, t.counterparty_account_id, transfer_date;

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

    DELETE d
    FROM risk_scope AS s
    STRAIGHT_JOIN account_risk_day AS d
        ON d.account_id = s.account_id AND d.risk_date >= s.from_date;
    INSERT INTO account_risk_day (
        account_id,
        risk_date,
        attempt_count,
        declined_count,
        in_count,
        in_amount,
        out_count,
        out_amount,
        cash_count,
        cash_amount,
        maximum_amount,
        completed_count,
        completed_amount,
        completed_amount_squares
    )
    SELECT
        t.account_id,
        DATE(t.transaction_time) AS risk_date,
        COUNT(*),
        SUM(t.status IN ('failed', 'denied')),
        SUM(t.status = 'completed' AND y.is_outgoing = 0),
        SUM(IF(t.status = 'completed' AND y.is_outgoing = 0, COALESCE(t.base_amount, 0), 0)),
        SUM(t.status = 'completed' AND y.is_outgoing = 1),
        SUM(IF(t.status = 'completed' AND y.is_outgoing = 1, COALESCE(t.base_amount, 0), 0)),
        SUM(t.status = 'completed' AND t.transaction_type IN ('cash_deposit', 'atm_withdrawal')),
        SUM(IF(
            t.status = 'completed' AND t.transaction_type IN ('cash_deposit', 'atm_withdrawal'),
            COALESCE(t.base_amount, 0),
            0)),
        MAX(IF(t.status = 'completed', COALESCE(t.base_amount, 0), 0)),
        SUM(t.status = 'completed'),
        SUM(IF(t.status = 'completed', COALESCE(t.base_amount, 0), 0)),
        SUM(IF(t.status = 'completed', COALESCE(t.base_amount * t.base_amount, 0), 0))
    FROM risk_scope AS s
    STRAIGHT_JOIN transactions AS t FORCE INDEX (idx_transactions_account_time)
        ON t.account_id = s.account_id AND t.transaction_time >= s.from_date
    STRAIGHT_JOIN transaction_types AS y ON y.transaction_type = t.transaction_type
    GROUP BY t.account_id, risk_date;

    INSERT INTO risk_scope (account_id, customer_id, from_date)
    SELECT
        p.account_id,
        a.customer_id,
        p.from_date
    FROM paid_accounts AS p
    STRAIGHT_JOIN accounts AS a ON a.account_id = p.account_id
    ON DUPLICATE KEY UPDATE
        from_date = LEAST(risk_scope.from_date, VALUES(from_date));
    DROP TEMPORARY TABLE paid_accounts;

    UPDATE risk_scope AS s
    STRAIGHT_JOIN account_risk_day AS d
        ON d.account_id = s.account_id AND d.risk_date >= s.from_date
    SET
        d.received_count = 0,
        d.received_amount = 0
    WHERE d.received_count <> 0;
    INSERT INTO account_risk_day (account_id, risk_date, received_count, received_amount)
    SELECT
        e.payee_account_id,
        e.transfer_date,
        SUM(e.transfer_count),
        SUM(e.transfer_amount)
    FROM risk_scope AS s
    STRAIGHT_JOIN transfer_day AS e FORCE INDEX (idx_transfer_day_payee)
        ON e.payee_account_id = s.account_id AND e.transfer_date >= s.from_date
    GROUP BY e.payee_account_id, e.transfer_date
    ON DUPLICATE KEY UPDATE
        received_count = VALUES(received_count),
        received_amount = VALUES(received_amount);
END$$

DELIMITER ;
