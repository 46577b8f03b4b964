-- SELECT INTO, for SET would lock what it reads until the writer's transaction ends; MAX or
-- a scalar subquery, so that nothing found is NULL without a warning.
SELECT MAX(c.is_base) INTO v_is_base FROM currencies AS c WHERE c.currency = {currency};
IF v_is_base = 1 THEN
    SET v_rate = 1;
ELSE
    SELECT (
        SELECT r.rate_to_base
        FROM fx_rates AS r
        WHERE r.currency = {currency} AND r.rate_date <= {date}
        ORDER BY r.rate_date DESC
        LIMIT 1
    ) INTO v_rate;
    IF v_rate IS NULL THEN
        SELECT (
            SELECT r.rate_to_base
            FROM fx_rates AS r
            WHERE r.currency = {currency}
            ORDER BY r.rate_date
            LIMIT 1
        ) INTO v_rate;
    END IF;
END IF;
