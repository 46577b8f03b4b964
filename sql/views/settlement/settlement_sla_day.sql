-- settlement_sla_day: settlement SLA compliance by rail and due date: what is past due and not
-- settled counts as a miss, what is not yet due does not count.
--
-- Grain: one row per rail and due date.
-- Time axis: due_date
-- Columns:
--   rail                     rail
--   due_date                 day on which the settlements are due (UTC)
--   due_count                settlements due by now
--   on_time_count            settled no later than due
--   late_count               settled later than due
--   failed_count             failed
--   overdue_count            past due and not settled
--   miss_count               due_count - on_time_count
--   due_amount               amount due by now, base currency
--   on_time_amount           amount settled no later than due, base currency
--   overdue_amount           amount past due and not settled, base currency
--   sla_compliance           on_time_count / due_count
--   sla_compliance_by_value  on_time_amount / due_amount
--   target_ratio             share that the SLA policy of the rail promises
-- NULL: the ratios are NULL when nothing is due, target_ratio when the rail has no settlement
-- policy.
CREATE OR REPLACE VIEW settlement_sla_day AS
SELECT
    s.rail,
    s.due_date,
    CAST(SUM(s.item_count) AS SIGNED) AS due_count,
    CAST(SUM(s.on_time_count) AS SIGNED) AS on_time_count,
    CAST(SUM(s.settled_count - s.on_time_count) AS SIGNED) AS late_count,
    CAST(SUM(s.failed_count) AS SIGNED) AS failed_count,
    CAST(SUM(s.pending_count) AS SIGNED) AS overdue_count,
    CAST(SUM(s.item_count - s.on_time_count) AS SIGNED) AS miss_count,
    CAST(SUM(s.item_amount) AS DECIMAL(21, 4)) AS due_amount,
    CAST(SUM(s.on_time_amount) AS DECIMAL(21, 4)) AS on_time_amount,
    CAST(SUM(s.pending_amount) AS DECIMAL(21, 4)) AS overdue_amount,
    CAST(
        1.000000 * SUM(s.on_time_count)
        / NULLIF(SUM(s.item_count), 0)
    AS DECIMAL(9, 6)) AS sla_compliance,
    CAST(
        1.000000 * SUM(s.on_time_amount)
        / NULLIF(SUM(s.item_amount), 0)
    AS DECIMAL(9, 6)) AS sla_compliance_by_value,
    CAST(p.target_pct / 100 AS DECIMAL(9, 6)) AS target_ratio
FROM int_settlement_due AS s
LEFT JOIN sla_policies AS p
    ON p.subject = 'settlement' AND p.scope_dimension = 'rail' AND p.scope_member = s.rail
GROUP BY s.rail, s.due_date, p.target_pct;
