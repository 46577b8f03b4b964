DELIMITER $$

CREATE OR REPLACE PROCEDURE fill_risk_scope_days()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Fills risk_scope_day with the days of the accounts in risk_scope that are not filled yet,
up to as_of(), and the days before them that windows may begin in: one, or 31 when the change is
older.
Transaction: joins'
BEGIN
    DECLARE v_from_text VARCHAR(600) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_old_count BIGINT;
    DECLARE v_account_count BIGINT;
    DECLARE v_outgoing_types VARCHAR(2000) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_risky_countries VARCHAR(4000) CHARACTER SET ascii COLLATE ascii_bin;

    -- The last days have the sums of 30 days in account_window.
    UPDATE risk_scope AS s
    CROSS JOIN rollup_state AS w
    SET s.fill_date = s.from_date
        - INTERVAL IF(s.from_date >= w.window_end_date - INTERVAL 2 DAY, 1, 31) DAY
    WHERE s.is_filled = 0;
    DELETE d
    FROM risk_scope AS s
    STRAIGHT_JOIN risk_scope_day AS d ON d.account_id = s.account_id
    WHERE s.is_filled = 0;
    -- As literals, and not as a join or FIND_IN_SET for each payment.
    SELECT GROUP_CONCAT(QUOTE(y.transaction_type))
    INTO v_outgoing_types
    FROM transaction_types AS y
    WHERE y.is_outgoing = 1;
    SELECT COALESCE(GROUP_CONCAT(DISTINCT QUOTE(c.country)), '''''')
    INTO v_risky_countries
    FROM country_risks AS c;

    -- SELECT INTO, for IF would lock every account.
    SELECT COUNT(*)
    INTO v_old_count
    FROM risk_scope AS s
    WHERE s.is_filled = 0
        AND s.fill_date < DATE(as_of()) - INTERVAL 16 DAY;
    SELECT COUNT(*)
    INTO v_account_count
    FROM accounts AS a;
    IF v_old_count > v_account_count / 4 THEN
        -- Nearly everything: along the index, which has the order of the groups.
        SET v_from_text = CONCAT(
            ' FROM transactions AS t FORCE INDEX (idx_transactions_account_date)',
            ' STRAIGHT_JOIN risk_scope AS s ON s.account_id = t.account_id AND s.is_filled = 0',
            ' WHERE t.account_id > 0 AND t.transaction_date >= s.fill_date');
    ELSE
        CALL find_scope_dates();
        SET v_from_text = CONCAT(
            ' FROM scope_dates AS s',
            ' STRAIGHT_JOIN transactions AS t FORCE INDEX (idx_transactions_account_date)',
            ' ON t.account_id = s.account_id AND t.transaction_date = s.risk_date WHERE TRUE');
    END IF;

    SET @payops_fill_sql = CONCAT('
    INSERT INTO risk_scope_day (
        account_id,
        risk_date,
        customer_id,
        is_new,
        attempt_count,
        declined_count,
        completed_count,
        completed_amount,
        completed_amount_squares,
        maximum_amount,
        out_count,
        out_amount,
        mirrored_amount,
        cash_amount,
        transfer_count,
        risky_country_count
    )
    SELECT
        t.account_id,
        t.transaction_date,
        s.customer_id,
        t.transaction_date >= s.from_date,
        COUNT(*),
        SUM(t.status IN (''failed'', ''denied'')),
        SUM(t.status = ''completed''),
        SUM(IF(t.status = ''completed'', COALESCE(t.base_amount, 0), 0)),
        SUM(IF(t.status = ''completed'', COALESCE(t.base_amount * t.base_amount, 0), 0)),
        MAX(IF(t.status = ''completed'', COALESCE(t.base_amount, 0), 0)),
        SUM(t.status = ''completed'' AND t.transaction_type IN (', v_outgoing_types, ')),
        SUM(IF(
            t.status = ''completed'' AND t.transaction_type IN (', v_outgoing_types, '),
            COALESCE(t.base_amount, 0), 0)),
        SUM(IF(
            t.counterparty_account_id IS NOT NULL AND t.status = ''completed''
                AND t.transaction_type NOT IN (', v_outgoing_types, '),
            COALESCE(t.base_amount, 0), 0)),
        SUM(IF(
            t.transaction_type IN (''cash_deposit'', ''atm_withdrawal'')
                AND t.status = ''completed'',
            COALESCE(t.base_amount, 0), 0)),
        COUNT(t.counterparty_account_id),
        SUM(t.counterparty_country IS NOT NULL
            AND t.counterparty_country IN (', v_risky_countries, '))',
    v_from_text, '
        AND t.transaction_time <= TIMESTAMP''', as_of(), '''
    GROUP BY t.account_id, t.transaction_date');
    PREPARE payops_fill FROM @payops_fill_sql;
    EXECUTE payops_fill;
    DEALLOCATE PREPARE payops_fill;

    UPDATE risk_scope AS s
    SET s.is_filled = 1
    WHERE s.is_filled = 0;
END$$

DELIMITER ;
