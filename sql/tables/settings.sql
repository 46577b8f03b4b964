CREATE TABLE IF NOT EXISTS settings (
    setting_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Name of the setting, snake_case',
    setting_value VARCHAR(255) NOT NULL COMMENT 'Value, as text',
    unit VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT ''
        COMMENT 'Unit of the value: seconds, amount, percent, code, or empty',
    description VARCHAR(255) NOT NULL COMMENT 'What the setting changes',
    PRIMARY KEY (setting_name)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per setting of this database';
