-- The hash of each manifest, by which a restore sees whether somebody changed it.
-- table: backups
-- from: 3f712d4c01fa1f7d
-- to: 11c57e1aaee8ea65
ALTER TABLE backups
    ADD COLUMN IF NOT EXISTS manifest_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'SHA-256 of the facts in its manifest when it was first recorded, hexadecimal; NULL when an older version recorded it'
        AFTER gtid_position;
