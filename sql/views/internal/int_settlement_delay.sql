-- int_settlement_delay: delay histogram by rail and due date with running counts.
--
-- Grain: one row per rail, due date and histogram bin.
-- Time axis: due_date
-- Columns:
--   rail                  rail
--   due_date              day on which the settlements were due (UTC)
--   delay_bin             histogram bin
--   settled_count         settled settlements in the bin
--   settled_amount        their amount, base currency
--   delay_sum_seconds     sum of delays, business seconds
--   delay_amount_seconds  sum of amount times delay
--   running_count         settled settlements in this bin and those below
--   settled_total         settled settlements in all bins
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_settlement_delay AS
SELECT
    d.rail,
    d.due_date,
    d.delay_bin,
    d.settled_count,
    d.settled_amount,
    d.delay_sum_seconds,
    d.delay_amount_seconds,
    SUM(d.settled_count + 0e0) OVER (
        PARTITION BY d.rail, d.due_date ORDER BY d.delay_bin) AS running_count,
    SUM(d.settled_count + 0e0) OVER (PARTITION BY d.rail, d.due_date) AS settled_total
FROM settlement_delay_day AS d
WHERE d.settled_count > 0;
