DELIMITER $$

CREATE OR REPLACE FUNCTION fx_rate(
    in_currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin,
    in_date DATE
)
RETURNS DECIMAL(18,9)
DETERMINISTIC
READS SQL DATA
COMMENT 'Units of the base currency for one unit of in_currency on
Parameters:
    in_date: the latest dated rate on or before the day, else the earliest; NULL when the currency
        has none'
BEGIN
    DECLARE v_rate DECIMAL(18,9);
    -- SELECT INTO, here and in the other functions that triggers call, and not SET or RETURN: these
    -- would lock what they read until the end of the writer's transaction. A scalar subquery, so
    -- that nothing found is NULL without a warning.
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
    RETURN v_rate;
END$$

DELIMITER ;
