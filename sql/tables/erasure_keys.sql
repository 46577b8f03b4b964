CREATE TABLE IF NOT EXISTS erasure_keys (
    key_id TINYINT UNSIGNED NOT NULL COMMENT 'Always 1',
    secret CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Random, drawn once for this database; no role may read it',
    PRIMARY KEY (key_id),
    CONSTRAINT ck_erasure_keys_one CHECK (key_id = 1)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'The secret that keys of erased records are hashed with, so that imports know them again and nobody can try them all';
