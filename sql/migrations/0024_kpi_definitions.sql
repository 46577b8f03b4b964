-- table: kpi_definitions
-- from: a688a6c4d19b1a47
-- to: 2b18e0efd87fd49f
ALTER TABLE kpi_definitions
    DROP COLUMN IF EXISTS kpi_id,
    DROP COLUMN IF EXISTS seed,
    MODIFY COLUMN subject VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Family of the view that holds it: kpi, backlog, settlement, ...',
    MODIFY COLUMN grain VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL
        COMMENT 'One row per what',
    ADD COLUMN IF NOT EXISTS better ENUM (
            'higher', 'lower', 'neither'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Which way is better' AFTER unit,
    MODIFY COLUMN numerator VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Column of the numerator; NULL when the KPI is no ratio of two columns',
    MODIFY COLUMN denominator VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Column of the denominator; NULL when the KPI is no ratio of two columns',
    MODIFY COLUMN time_column VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Column of the time axis; NULL when the view has none';
