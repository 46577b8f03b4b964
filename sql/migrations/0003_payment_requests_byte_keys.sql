-- table: payment_requests
-- from: 09030e7e2cf95316
-- to: 1c9bf289ee64e0f2
-- Keys that differ in trailing blanks are two keys: the collation before took them for one. No key
-- that is stored can collide, and requests are answered and made while the index is built anew.
ALTER TABLE payment_requests
    MODIFY idempotency_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_nopad_bin NOT NULL
        COMMENT 'Key of the client: the same request sent again has the same, byte for byte',
    LOCK = NONE;
