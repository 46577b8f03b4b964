-- risk_case_history: what was done with cases, by whom and when.
--
-- Grain: one row per change.
-- Time axis: changed_at
-- Columns:
--   case_id      case
--   change_id    change
--   change_kind  opened, assigned, note, due_date, disposition or reopened
--   change_text  assignee, note, due date, or disposition with its reason
--   changed_by   who did it
--   changed_at   when (UTC)
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW risk_case_history AS
SELECT
    e.case_id,
    e.change_id,
    e.change_kind,
    e.change_text,
    e.changed_by,
    e.changed_at
FROM risk_case_changes AS e;
