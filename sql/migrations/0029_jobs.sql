-- table: jobs
-- from: 891a50f4fb7e3f21
-- to: c880f3e610184b8b
ALTER TABLE jobs
    ADD COLUMN IF NOT EXISTS request_text VARCHAR(512) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'The words of a run that is asked for with a value, which stands where {value} is; NULL when it takes none' AFTER command_text;
