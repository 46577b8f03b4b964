-- table: risk_scope_day
-- from: f0ef52ed88f27aaf
-- to: 401027783dd5510b
ALTER TABLE risk_scope_day
    DROP COLUMN IF EXISTS in_count,
    DROP COLUMN IF EXISTS in_amount;
ALTER TABLE risk_scope_day
    ADD COLUMN IF NOT EXISTS mirrored_amount DECIMAL(21,4) NOT NULL DEFAULT 0
        COMMENT 'Amount of rows of money that another account of this bank sent: received_amount has it' AFTER out_amount,
    ADD COLUMN IF NOT EXISTS in_amount DECIMAL(21,4) AS (completed_amount - out_amount - mirrored_amount) VIRTUAL
        COMMENT 'Amount of completed payments that brought money from outside, base currency' AFTER mirrored_amount;
-- What a run left there lacks what is new; the next one fills it again.
UPDATE risk_scope SET is_filled = 0, fill_date = NULL;
DELETE FROM risk_scope_day;
