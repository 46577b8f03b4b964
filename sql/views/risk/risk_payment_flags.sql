-- risk_payment_flags: payments that people flagged, by whom and why.
--
-- Grain: one row per flag.
-- Time axis: flagged_at
-- Columns:
--   flag_id         flag
--   transaction_id  payment
--   account_id      account
--   customer_id     customer
--   flag_level      how much the flag says: Low, Medium or High
--   reason          why, in words
--   flagged_by      who flagged the payment
--   flagged_at      when the payment was flagged (UTC)
--   removed_by      who removed the flag
--   removed_at      when the flag was removed (UTC)
--   removal_reason  why the flag was removed
-- NULL: removed_by, removed_at and removal_reason while the flag counts.
CREATE OR REPLACE VIEW risk_payment_flags AS
SELECT
    f.flag_id,
    f.transaction_id,
    f.account_id,
    f.customer_id,
    f.flag_level,
    f.reason,
    f.flagged_by,
    f.flagged_at,
    f.removed_by,
    f.removed_at,
    f.removal_reason
FROM payment_flags AS f;
