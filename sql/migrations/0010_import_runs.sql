-- table: import_runs
-- from: fbd7aa46b0250c69
-- to: 97bfb1ea72de2a8c
ALTER TABLE import_runs
    ADD COLUMN IF NOT EXISTS source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin
        NOT NULL DEFAULT '' COMMENT 'Source system under which natural keys are kept'
        AFTER file_checksum;
-- A mapping's name is its source where nothing else was said.
UPDATE import_runs SET source_name = LEFT(mapping_name, 40) WHERE source_name = '';
ALTER TABLE import_runs
    MODIFY COLUMN source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Source system under which natural keys are kept',
    ADD KEY IF NOT EXISTS idx_import_runs_source_state (source_name, state);
