-- settlement_failure_day: settlement fails by rail and due date, by count and by value.
--
-- Grain: one row per rail and due date.
-- Time axis: due_date
-- Columns:
--   rail                           rail
--   due_date                       day on which the settlements are due (UTC)
--   item_count                     instructions
--   failed_count                   fails
--   item_amount                    amount of the instructions, base currency
--   failed_amount                  amount of the fails, base currency
--   settlement_fail_rate           failed_count / item_count
--   settlement_fail_rate_by_value  by value: failed_amount / item_amount
-- NULL: a rate is NULL where its denominator is 0.
CREATE OR REPLACE VIEW settlement_failure_day AS
SELECT
    d.rail,
    d.due_date,
    CAST(d.item_count AS SIGNED) AS item_count,
    CAST(d.failed_count AS SIGNED) AS failed_count,
    d.item_amount,
    d.failed_amount,
    CAST(
        1.000000 * d.failed_count
        / NULLIF(d.item_count, 0)
    AS DECIMAL(9, 6)) AS settlement_fail_rate,
    CAST(
        1.000000 * d.failed_amount
        / NULLIF(d.item_amount, 0)
    AS DECIMAL(9, 6)) AS settlement_fail_rate_by_value
FROM settlement_day AS d;
