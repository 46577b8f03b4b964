-- table: monitor_points
-- from: f6a6bda61e2ecce2
-- from: a936b848cfcade92
-- to: 2382838ec11ead4c
ALTER TABLE monitor_points
    ADD COLUMN IF NOT EXISTS corrected_chance DOUBLE NULL
        COMMENT 'chance, corrected for the members judged with it (Benjamini and Hochberg)' AFTER chance,
    ADD COLUMN IF NOT EXISTS evidence DOUBLE NULL
        COMMENT 'What the step adds to the evidence that something goes on, powers of ten; NULL for nothing' AFTER corrected_chance;
