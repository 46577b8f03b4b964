-- The row that whoever changes rollups locks.
INSERT IGNORE INTO rollup_state (state_id, window_end_date, detail_from_date)
VALUES (1, UTC_DATE(), UTC_DATE() - INTERVAL 13 DAY);
