-- ops_audit_entries: entries of the audit log without what was changed and by whom, for its length
-- and its end.
--
-- Grain: one row per entry.
-- Time axis: recorded_at
-- Note: the newest is the head of the chain; `payops audit` shows values and verifies the chain.
-- Columns:
--   audit_id      entry, counted from 1 without a gap
--   recorded_at   when (UTC)
--   subject_kind  what was changed: setting, rule, job and others
--   audit_action  created, changed or deleted
--   entry_hash    hash of the entry and of the one before, the end of the chain for the newest
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW ops_audit_entries AS
SELECT
    d.audit_id,
    d.recorded_at,
    d.subject_kind,
    d.audit_action,
    d.entry_hash
FROM audit_log AS d;
