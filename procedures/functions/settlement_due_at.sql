DELIMITER $$

CREATE OR REPLACE FUNCTION settlement_due_at(
    in_rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    in_accepted_at DATETIME
)
RETURNS DATETIME
DETERMINISTIC
READS SQL DATA
COMMENT 'Instant (UTC) at which a payment accepted on in_rail at in_accepted_at (UTC) is due:
cut-off, calendar and T+n lag by settlement_windows, or the seconds of an instant rail; NULL when
the rail is unknown or the windows do not reach'
BEGIN
    DECLARE v_instant_seconds INT UNSIGNED;
    DECLARE v_due_at DATETIME;
    DECLARE v_last_from DATETIME;
    DECLARE v_accepted_from DATETIME;
    -- text due_time: rail = in_rail; accepted_at = in_accepted_at
    -- SELECT INTO and MAX as for the rate of a currency.
    SELECT MAX(r.instant_seconds)
    INTO v_instant_seconds
    FROM rails AS r
    WHERE r.rail = in_rail;
    IF v_instant_seconds IS NOT NULL THEN
        SET v_due_at = in_accepted_at + INTERVAL v_instant_seconds SECOND;
    ELSE
        -- A window ends where the next begins: the last one has no end and gives no answer.
        SELECT MAX(w.accepted_from)
        INTO v_last_from
        FROM settlement_windows AS w
        WHERE w.rail = in_rail;
        IF in_accepted_at < v_last_from THEN
            SELECT MAX(w.accepted_from)
            INTO v_accepted_from
            FROM settlement_windows AS w
            WHERE w.rail = in_rail AND w.accepted_from <= in_accepted_at;
            SELECT MAX(w.due_at)
            INTO v_due_at
            FROM settlement_windows AS w
            WHERE w.rail = in_rail AND w.accepted_from = v_accepted_from;
        END IF;
    END IF;
    -- end
    RETURN v_due_at;
END$$

DELIMITER ;
