-- Once: with another secret the keys of earlier erasures would not be known again.
INSERT IGNORE INTO erasure_keys (key_id, secret)
VALUES (1, LOWER(HEX(RANDOM_BYTES(32))));
