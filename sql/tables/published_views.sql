CREATE TABLE IF NOT EXISTS published_views (
    view_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Published view',
    family VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'What it is about: kpi, backlog, settlement, ...',
    purpose VARCHAR(400) NOT NULL COMMENT 'What it says',
    grain VARCHAR(200) NOT NULL COMMENT 'One row per what',
    key_columns VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Columns that identify a row, comma separated',
    time_column VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Column of the time axis; NULL when it has none',
    default_filter VARCHAR(255) NULL
        COMMENT 'SQL condition that a first look wants; NULL when the whole view is small',
    null_note VARCHAR(600) NOT NULL COMMENT 'What NULL means in its columns',
    reader_roles VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Roles that may read it, comma separated; admin reads everything',
    follows VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Whose changes reach it by a refresh; NULL when it reads the tables themselves',
    is_personal TINYINT(1) NOT NULL COMMENT '1 when a column holds personal data',
    column_count INT NOT NULL COMMENT 'Its columns',
    PRIMARY KEY (view_name)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per published view: what it says, and who may read it';
