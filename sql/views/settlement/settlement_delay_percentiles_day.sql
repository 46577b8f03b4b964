-- settlement_delay_percentiles_day: delay of settled settlements in business time by rail and due
-- date.
--
-- Grain: one row per rail and due date.
-- Time axis: due_date
-- Note: a settlement that is early or on time has delay 0. Percentiles are within 5 percent. What
-- is past due and not settled is in settlement_overdue.
-- Columns:
--   rail                         rail
--   due_date                     day on which the settlements were due (UTC)
--   settled_count                settlements that are settled
--   delayed_count                of these, later than due
--   settled_amount               amount settled, base currency
--   p50_delay_seconds            median delay, business seconds
--   p95_delay_seconds            95th percentile of the delay, business seconds
--   max_delay_seconds            upper edge of the highest bin, business seconds: no delay was
--                                longer
--   mean_delay_seconds           mean delay, business seconds
--   weighted_mean_delay_seconds  mean delay weighted by amount, business seconds
-- NULL: weighted_mean_delay_seconds is NULL when the amount is 0.
CREATE OR REPLACE VIEW settlement_delay_percentiles_day AS
SELECT
    d.rail,
    d.due_date,
    CAST(SUM(d.settled_count) AS SIGNED) AS settled_count,
    CAST(SUM(IF(d.delay_bin > 0, d.settled_count, 0)) AS SIGNED) AS delayed_count,
    CAST(SUM(d.settled_amount) AS DECIMAL(21, 4)) AS settled_amount,
    CAST(
        CASE MIN(IF(d.running_count >= 0.50e0 * d.settled_total, d.delay_bin, NULL))
            WHEN 0 THEN 0
            ELSE 2 / (1.05 / 0.95 + 1) * POW(
                1.05 / 0.95,
                MIN(IF(d.running_count >= 0.50e0 * d.settled_total, d.delay_bin, NULL)) - 1
            )
        END
    AS DECIMAL(14, 1)) AS p50_delay_seconds,
    CAST(
        CASE MIN(IF(d.running_count >= 0.95e0 * d.settled_total, d.delay_bin, NULL))
            WHEN 0 THEN 0
            ELSE 2 / (1.05 / 0.95 + 1) * POW(
                1.05 / 0.95,
                MIN(IF(d.running_count >= 0.95e0 * d.settled_total, d.delay_bin, NULL)) - 1
            )
        END
    AS DECIMAL(14, 1)) AS p95_delay_seconds,
    CAST(
        IF(MAX(d.delay_bin) = 0, 0, POW(1.05 / 0.95, MAX(d.delay_bin) - 1))
    AS DECIMAL(14, 1)) AS max_delay_seconds,
    CAST(
        1.000000 * SUM(d.delay_sum_seconds)
        / NULLIF(SUM(d.settled_count), 0)
    AS DECIMAL(14, 1)) AS mean_delay_seconds,
    CAST(
        1.000000 * SUM(d.delay_amount_seconds)
        / NULLIF(SUM(d.settled_amount), 0)
    AS DECIMAL(14, 1)) AS weighted_mean_delay_seconds
FROM int_settlement_delay AS d
GROUP BY d.rail, d.due_date;
