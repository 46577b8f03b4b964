DELIMITER $$

CREATE OR REPLACE PROCEDURE check_archive_month(
    IN in_month DATE,
    OUT out_reason VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Tells what keeps a month out of the archive: open payments, pending settlements, open
cases, rollups that differ; NULL when nothing does.
Result: that of reconcile_rollups, when it comes to that.
Helper: reconcile_rollups commits'
BEGIN
    DECLARE v_payments BIGINT;
    DECLARE v_settlements BIGINT;
    DECLARE v_cases BIGINT;

    -- SELECT INTO, for SET would lock every payment of the month.
    SELECT COUNT(*)
    INTO v_payments
    FROM payment_states AS p
    INNER JOIN transactions AS t
        ON t.status = p.state
            AND t.transaction_time >= in_month
            AND t.transaction_time < in_month + INTERVAL 1 MONTH
    WHERE p.is_terminal = 0;
    SELECT COUNT(*)
    INTO v_settlements
    FROM settlements AS s
    INNER JOIN transactions AS t ON t.transaction_id = s.transaction_id
    WHERE s.settlement_status = 'pending'
        AND t.transaction_time >= in_month
        AND t.transaction_time < in_month + INTERVAL 1 MONTH;
    SELECT COUNT(DISTINCT c.case_id)
    INTO v_cases
    FROM risk_cases AS c
    INNER JOIN risk_case_hits AS x ON x.case_id = c.case_id
    INNER JOIN risk_hits AS h ON h.hit_id = x.hit_id
    WHERE c.closed_at IS NULL
        AND h.window_from < in_month + INTERVAL 1 MONTH
        AND h.window_to >= in_month;
    SET out_reason = CASE
        WHEN v_payments > 0 THEN CONCAT(v_payments, ' payments are open')
        WHEN v_settlements > 0 THEN CONCAT(v_settlements, ' settlements are pending')
        WHEN v_cases > 0 THEN CONCAT(v_cases, ' cases with hits of the month are open')
    END;
    IF out_reason IS NULL THEN
        CALL reconcile_rollups(in_month, LAST_DAY(in_month));
        IF @payops_rollup_differences > 0 THEN
            SET out_reason = CONCAT(
                'rollups differ from the payments in ', @payops_rollup_differences, ' places');
        END IF;
    END IF;
END$$

DELIMITER ;
