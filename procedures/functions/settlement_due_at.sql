DELIMITER $$

CREATE OR REPLACE FUNCTION settlement_due_at(
    in_rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    in_accepted_at DATETIME
)
RETURNS DATETIME
DETERMINISTIC
READS SQL DATA
COMMENT 'Instant (UTC) at which a payment accepted on in_rail at in_accepted_at (UTC) is due: cut-off, calendar and T+n lag by settlement_windows, or the seconds of an instant rail; NULL when the rail is unknown or the windows do not reach'
BEGIN
    DECLARE v_instant INT UNSIGNED;
    SET v_instant = (SELECT r.instant_seconds FROM rails AS r WHERE r.rail = in_rail);
    IF v_instant IS NOT NULL THEN
        RETURN in_accepted_at + INTERVAL v_instant SECOND;
    END IF;
    RETURN (
        SELECT w.due_at
        FROM settlement_windows AS w
        WHERE w.rail = in_rail AND w.accepted_from <= in_accepted_at
        ORDER BY w.accepted_from DESC
        LIMIT 1
    );
END$$

DELIMITER ;
