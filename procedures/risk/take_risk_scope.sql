DELIMITER $$

CREATE OR REPLACE PROCEDURE take_risk_scope()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Makes the accounts whose payments changed the scope of the rules. What a run that was cut
off had taken stays in it.
Transaction: joins'
BEGIN
    IF NOT EXISTS (
        SELECT 1
        FROM risk_runs AS r
        WHERE r.ended_at IS NULL
    ) THEN
        DELETE FROM risk_scope;
    END IF;
    -- Payments came, and the days moved on.
    DELETE FROM risk_scope_day;
    UPDATE risk_scope AS s
    SET s.is_filled = 0
    WHERE s.is_filled = 1;

    DROP TEMPORARY TABLE IF EXISTS taken_accounts;
    CREATE TEMPORARY TABLE taken_accounts (
        account_id BIGINT NOT NULL PRIMARY KEY,
        from_date DATE NOT NULL
    ) ENGINE = Aria TRANSACTIONAL = 0;
    -- What a refresh is about to commit is taken by the next run.
    INSERT INTO taken_accounts
    SELECT
        p.account_id,
        p.from_date
    FROM risk_pending AS p
    FOR UPDATE SKIP LOCKED;
    DELETE p
    FROM taken_accounts AS t
    STRAIGHT_JOIN risk_pending AS p ON p.account_id = t.account_id;

    INSERT INTO risk_scope (account_id, customer_id, from_date)
    SELECT
        t.account_id,
        a.customer_id,
        t.from_date
    FROM taken_accounts AS t
    STRAIGHT_JOIN accounts AS a ON a.account_id = t.account_id
    ON DUPLICATE KEY UPDATE
        from_date = LEAST(risk_scope.from_date, VALUES(from_date));
    DROP TEMPORARY TABLE taken_accounts;
END$$

DELIMITER ;
