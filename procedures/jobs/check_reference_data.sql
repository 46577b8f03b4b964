DELIMITER $$

CREATE OR REPLACE PROCEDURE check_reference_data()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Looks whether rates and calendars will last: raises fx_rate_old for each currency of an
account whose last rate is older than the setting fx_rate_maximum_age, and calendar_ends for each
calendar that ends within the setting calendar_minimum_days; resolves what is over.
Result: findings.
Errors: none of its own.
Transaction: owns, one for each alert.
Example: CALL check_reference_data()'
BEGIN
    DECLARE v_is_done TINYINT DEFAULT 0;
    DECLARE v_rule VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_subject VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_is_wrong TINYINT;
    DECLARE v_text VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_count BIGINT DEFAULT 0;
    DECLARE c_findings CURSOR FOR
        SELECT
            'fx_rate_old',
            c.currency,
            COALESCE(MAX(f.rate_date), '1000-01-01') < DATE(as_of()) - INTERVAL (
                SELECT g.setting_value
                FROM settings AS g
                WHERE g.setting_name = 'fx_rate_maximum_age'
            ) DAY,
            COALESCE(CONCAT('last rate of ', MAX(f.rate_date)), 'there is no rate')
        FROM (SELECT DISTINCT a.currency FROM accounts AS a) AS c
        LEFT JOIN fx_rates AS f
            ON f.currency = c.currency
            AND f.rate_date <= DATE(as_of())
        WHERE c.currency <> base_currency()
        GROUP BY c.currency
        UNION ALL
        SELECT
            'calendar_ends',
            d.calendar_name,
            MAX(d.calendar_date) < DATE(as_of()) + INTERVAL (
                SELECT g.setting_value
                FROM settings AS g
                WHERE g.setting_name = 'calendar_minimum_days'
            ) DAY,
            CONCAT('the calendar ends on ', MAX(d.calendar_date))
        FROM calendar_days AS d
        GROUP BY d.calendar_name;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_is_done = 1;

    OPEN c_findings;
    findings: LOOP
        FETCH c_findings INTO v_rule, v_subject, v_is_wrong, v_text;
        IF v_is_done THEN
            LEAVE findings;
        END IF;
        IF v_is_wrong THEN
            CALL raise_alert(v_rule, v_subject, 'WARNING', v_text);
            SET v_count = v_count + 1;
        ELSE
            CALL resolve_alert(v_rule, v_subject);
        END IF;
    END LOOP;
    CLOSE c_findings;
    SET @payops_job_rows = v_count;
    SELECT v_count AS finding_count;
END$$

DELIMITER ;
