-- table: published_columns
-- from: dee81179a7676c2e
-- to: c4f0d8f3ec107d67
ALTER TABLE published_columns
    ADD COLUMN IF NOT EXISTS null_meaning VARCHAR(200)
        CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NULL
        COMMENT 'What NULL means; never: the server allows it, no row has it; NULL when it does not'
        AFTER meaning;
