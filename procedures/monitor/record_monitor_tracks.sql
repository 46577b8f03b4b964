DELIMITER $$

CREATE OR REPLACE PROCEDURE record_monitor_tracks(
    IN in_tracks LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    IN in_last_minute DATETIME
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Keeps where the detectors of series are after in_last_minute (UTC): in_tracks is a JSON
array with metric_name, member and track_state, a text, of each series.
Helper: joins the transaction of the caller'
BEGIN
    INSERT INTO monitor_tracks (metric_name, member, track_state, last_minute)
    SELECT
        t.metric_name,
        t.member,
        t.track_state,
        in_last_minute
    -- As texts, which the INSERT does not cut.
    FROM JSON_TABLE(
        in_tracks,
        '$[*]' COLUMNS (
            metric_name LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                PATH '$.metric_name' ERROR ON ERROR,
            member LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                PATH '$.member' ERROR ON ERROR,
            track_state LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                PATH '$.track_state' ERROR ON ERROR
        )
    ) AS t
    ON DUPLICATE KEY UPDATE
        track_state = VALUES(track_state),
        last_minute = VALUES(last_minute);
END$$

DELIMITER ;
