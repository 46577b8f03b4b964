DELIMITER $$

CREATE OR REPLACE FUNCTION fx_rate(
    in_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin,
    in_date DATE
)
RETURNS DECIMAL(18,9)
DETERMINISTIC
READS SQL DATA
COMMENT 'Units of the base currency for one unit of in_currency on a day; 1 for the base currency
Parameters:
    in_date: the latest dated rate on or before the day, else the earliest; NULL when the currency
        has none'
BEGIN
    DECLARE v_rate DECIMAL(18,9);
    DECLARE v_is_base TINYINT;
    -- text fx_rate: currency = in_currency; date = in_date
    -- SELECT INTO, for SET would lock what it reads until the writer's transaction ends;
    -- MAX or a scalar subquery, so that nothing found is NULL without a warning.
    SELECT MAX(c.is_base)
    INTO v_is_base
    FROM currencies AS c
    WHERE c.currency = in_currency;
    IF v_is_base = 1 THEN
        SET v_rate = 1;
    ELSE
        SELECT (
            SELECT r.rate_to_base
            FROM fx_rates AS r
            WHERE r.currency = in_currency AND r.rate_date <= in_date
            ORDER BY r.rate_date DESC
            LIMIT 1
        ) INTO v_rate;
        IF v_rate IS NULL THEN
            SELECT (
                SELECT r.rate_to_base
                FROM fx_rates AS r
                WHERE r.currency = in_currency
                ORDER BY r.rate_date
                LIMIT 1
            ) INTO v_rate;
        END IF;
    END IF;
    -- end
    RETURN v_rate;
END$$

DELIMITER ;
