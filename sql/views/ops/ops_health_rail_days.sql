-- ops_health_rail_days: the course of settlement in time over the last 14 due dates.
--
-- Grain: one row per rail and due date.
-- Time axis: due_date
-- Columns:
--   rail            rail
--   due_date        day on which the settlements are due (UTC)
--   due_count       settlements due by now
--   on_time_count   settled no later than due
--   overdue_count   settlements past due
--   sla_compliance  on_time_count / due_count
--   late_count      settled later than due
--   failed_count    of these, failed
-- NULL: sla_compliance when nothing is due.
CREATE OR REPLACE VIEW ops_health_rail_days AS
SELECT
    s.rail,
    s.due_date,
    s.due_count,
    s.on_time_count,
    s.overdue_count,
    s.sla_compliance,
    s.late_count,
    s.failed_count
FROM settlement_sla_day AS s
WHERE s.due_date > DATE(as_of()) - INTERVAL 14 DAY AND s.due_date <= DATE(as_of());
