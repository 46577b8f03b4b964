CREATE TABLE IF NOT EXISTS published_columns (
    view_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Published view',
    ordinal_position INT NOT NULL COMMENT 'Place among its columns, from 1',
    column_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Column',
    column_type VARCHAR(255) NOT NULL COMMENT 'Type, as the server writes it',
    unit VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Unit: count, amount, ratio, seconds, ms, time, id, text, ...',
    meaning VARCHAR(400) NOT NULL COMMENT 'What it is',
    additive ENUM ('sum', 'min', 'max', 'no') CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'How values of several rows become one; no: they must not',
    numerator VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Column of the numerator; NULL when it is no ratio of two columns',
    denominator VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Column of the denominator; NULL when it is no ratio of two columns',
    is_personal TINYINT(1) NOT NULL COMMENT '1 when it holds personal data',
    PRIMARY KEY (view_name, ordinal_position)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per column of a published view: what it is, and how it adds up';
