-- table: rules
-- from: 1190df6428ade32d
-- to: 235d86a06ffb50ca
ALTER TABLE rules
    ADD COLUMN IF NOT EXISTS opens_case TINYINT(1) NOT NULL DEFAULT 0
        COMMENT '1 when one hit is enough to open a case; yours to change' AFTER is_enabled;
UPDATE rules
SET opens_case = 1
WHERE rule_id IN ('A03', 'A05', 'A15B', 'A16B', 'A18', 'A19', 'A20', 'A21', 'A34B', 'A38');
-- The former default: scores are capped by rule now, and cases are opened by rules with opens_case.
UPDATE settings
SET setting_value = '0'
WHERE setting_name = 'case_minimum_score'
    AND setting_value = '70';
