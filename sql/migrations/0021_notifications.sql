-- table: notifications
-- from: 2fd2b63286783937
-- to: 6e81139f97a135df
ALTER TABLE notifications
    ADD COLUMN IF NOT EXISTS delivery_key CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Key of what it is sent with, the same in all attempts; NULL before the first' AFTER attempt_count,
    ADD KEY IF NOT EXISTS idx_notifications_delivery_key (delivery_key);
