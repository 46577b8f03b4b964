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
    DECLARE v_instant INT UNSIGNED;
    DECLARE v_due_at DATETIME;
    DECLARE v_last_from DATETIME;
    SELECT (SELECT r.instant_seconds FROM rails AS r WHERE r.rail = in_rail) INTO v_instant;
    IF v_instant IS NOT NULL THEN
        RETURN in_accepted_at + INTERVAL v_instant SECOND;
    END IF;
    SELECT (
        SELECT w.due_at
        FROM settlement_windows AS w
        WHERE w.rail = in_rail AND w.accepted_from <= in_accepted_at
        ORDER BY w.accepted_from DESC
        LIMIT 1
    ) INTO v_due_at;
    -- A window ends where the next begins, so the last one has no end and gives no answer.
    SELECT MAX(w.accepted_from) INTO v_last_from FROM settlement_windows AS w WHERE w.rail = in_rail;
    RETURN IF(in_accepted_at < v_last_from, v_due_at, NULL);
END$$

DELIMITER ;
