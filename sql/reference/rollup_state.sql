-- The row that whoever changes rollups locks.
INSERT IGNORE INTO rollup_state (state_id, window_end_date) VALUES (1, UTC_DATE());
