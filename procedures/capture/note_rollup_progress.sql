DELIMITER $$

CREATE OR REPLACE PROCEDURE note_rollup_progress(
    IN in_changes BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Records in rollup_state how far the rollups are; a payment of a day to come says nothing
about that.
Parameters:
    in_changes: changes just applied
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_now DATETIME DEFAULT GREATEST(as_of(), UTC_TIMESTAMP());
    UPDATE rollup_state AS s
    CROSS JOIN (
        SELECT
            TIMESTAMP'1000-01-01 00:00:00'
                + INTERVAL MAX(
                    IF(
                        change_sign = 1
                            AND minute_number
                                <= TIMESTAMPDIFF(MINUTE, TIMESTAMP'1000-01-01 00:00:00', v_now),
                        minute_number,
                        NULL)) MINUTE AS last_event_at,
            MAX(IF(change_sign = 1, ingested_at, NULL)) AS last_ingested_at
        FROM batch_transactions
    ) AS b
    SET
        s.last_event_at = GREATEST(
            COALESCE(IF(s.last_event_at <= v_now, s.last_event_at, NULL), b.last_event_at),
            COALESCE(b.last_event_at, IF(s.last_event_at <= v_now, s.last_event_at, NULL))),
        s.last_ingested_at = GREATEST(
            COALESCE(s.last_ingested_at, b.last_ingested_at),
            COALESCE(b.last_ingested_at, s.last_ingested_at)),
        s.refreshed_at = UTC_TIMESTAMP(3),
        s.refreshed_changes = s.refreshed_changes + in_changes
    WHERE s.state_id = 1;
END$$

DELIMITER ;
