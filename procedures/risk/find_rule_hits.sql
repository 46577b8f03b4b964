DELIMITER $$

CREATE OR REPLACE PROCEDURE find_rule_hits(
    IN in_rule_id VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_view_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Reads the hits of a rule from its view into the temporary table found_hits.
Transaction: joins'
BEGIN
    DROP TEMPORARY TABLE IF EXISTS found_hits;
    CREATE TEMPORARY TABLE found_hits (
        subject VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        window_from DATETIME NOT NULL,
        window_to DATETIME NOT NULL,
        rule_version INT NOT NULL,
        customer_id BIGINT NOT NULL,
        account_id BIGINT NULL,
        transaction_id BIGINT NULL,
        measured_value DECIMAL(24,4) NOT NULL,
        threshold_value DECIMAL(24,4) NOT NULL,
        points DECIMAL(5,2) NOT NULL,
        evidence VARCHAR(400) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL
    ) ENGINE = Aria TRANSACTIONAL = 0;
    SET @payops_rule_sql = CONCAT(
        'INSERT INTO found_hits SELECT',
        ' CASE WHEN v.transaction_id IS NOT NULL THEN CONCAT(''payment:'', v.transaction_id)',
        ' WHEN v.account_id IS NOT NULL THEN CONCAT(''account:'', v.account_id)',
        ' ELSE CONCAT(''customer:'', v.customer_id) END,',
        ' v.window_from, v.window_to, v.rule_version, v.customer_id, v.account_id,',
        ' v.transaction_id, v.measured_value, v.threshold_value, v.points, v.evidence',
        ' FROM `', REPLACE(in_view_name, '`', '``'), '` AS v',
        -- A view may find the hits of several rules.
        ' WHERE v.rule_id = ', QUOTE(in_rule_id));
    PREPARE payops_rule FROM @payops_rule_sql;
    EXECUTE payops_rule;
    DEALLOCATE PREPARE payops_rule;
END$$

DELIMITER ;
