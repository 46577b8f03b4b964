CREATE TABLE IF NOT EXISTS kpi_definitions (
    kpi_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Name of the KPI',
    subject VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Family of the view that holds it: kpi, backlog, settlement, ...',
    grain VARCHAR(200) NOT NULL COMMENT 'One row per what',
    formula VARCHAR(400) NOT NULL COMMENT 'Formula in words',
    unit VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Unit of the value: ratio, count, amount, seconds, ms or rows',
    better ENUM ('higher', 'lower', 'neither') CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Which way is better',
    numerator VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Column of the numerator; NULL when the KPI is no ratio of two columns',
    denominator VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Column of the denominator; NULL when the KPI is no ratio of two columns',
    value_column VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Column of the value; NULL when the whole view is the KPI',
    source_view VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Published view that holds the KPI',
    time_column VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Column of the time axis; NULL when the view has none',
    default_filter VARCHAR(255) NULL
        COMMENT 'SQL condition that a first look wants; NULL when the whole view is small',
    PRIMARY KEY (kpi_name),
    KEY idx_kpi_definitions_view (source_view)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per KPI: what it means and where it is';
