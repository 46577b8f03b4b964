-- SELECT INTO and MAX as for the rate of a currency.
SELECT MAX(r.instant_seconds) INTO v_instant_seconds FROM rails AS r WHERE r.rail = {rail};
IF v_instant_seconds IS NOT NULL THEN
    SET v_due_at = {accepted_at} + INTERVAL v_instant_seconds SECOND;
ELSE
    -- A window ends where the next begins: the last one has no end and gives no answer.
    SELECT MAX(w.accepted_from)
    INTO v_last_from
    FROM settlement_windows AS w
    WHERE w.rail = {rail};
    IF {accepted_at} < v_last_from THEN
        SELECT MAX(w.accepted_from)
        INTO v_accepted_from
        FROM settlement_windows AS w
        WHERE w.rail = {rail} AND w.accepted_from <= {accepted_at};
        SELECT MAX(w.due_at)
        INTO v_due_at
        FROM settlement_windows AS w
        WHERE w.rail = {rail} AND w.accepted_from = v_accepted_from;
    END IF;
END IF;
