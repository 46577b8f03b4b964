CREATE TABLE IF NOT EXISTS kpi_definitions (
    kpi_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Name of the KPI',
    kpi_id VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Number in the KPI catalogue (K01 ...); NULL for the KPIs of the replaced systems',
    subject VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
       
            COMMENT 'Family: kpi, backlog, settlement, exposure, latency, spend, login, risk, monitor, ops or integrity',
    grain VARCHAR(100) NOT NULL COMMENT 'One row per what',
    formula VARCHAR(400) NOT NULL COMMENT 'Formula in words',
    unit VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Unit of the value: ratio, count, amount, seconds, ms or rows',
    numerator VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Column of the numerator; NULL when the KPI is no ratio',
    denominator VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Column of the denominator; NULL when the KPI is no ratio',
    value_column VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Column of the value; NULL when the whole view is the KPI',
    source_view VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Published view that holds the KPI',
    time_column VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
       
            COMMENT 'Column of the time axis; filters on it read only their range; NULL when the view has none',
    default_filter VARCHAR(255) NULL
        COMMENT 'SQL condition that a first look wants; NULL when the whole view is small',
    seed VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL
       
            COMMENT 'Replaced system that the KPI comes from, 000 to 004, comma separated; NULL for none',
    PRIMARY KEY (kpi_name),
    KEY idx_kpi_definitions_view (source_view)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per KPI: what it means and where it is';
