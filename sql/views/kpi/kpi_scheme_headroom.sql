-- kpi_scheme_headroom: how many more disputes a month can take before the limits of the monitoring
-- programmes of the card schemes, this month and the last.
--
-- Grain: one row per scheme, programme, level and month in which the limit holds.
-- Time axis: month_start
-- Note: disputes count in the month in which the payment became charged_back, sales in that of the
-- payment. Schemes count by merchant and by acquirer, and add reports of fraud that are not known
-- here; all payments of the scheme count as one. The limits are rows of scheme_limits, with their
-- source. Payments in the archive are left out.
-- Columns:
--   card_scheme     card scheme
--   programme       monitoring programme of the scheme
--   limit_level     level of the programme that the limit opens
--   month_start     first day of the month (UTC)
--   sales_month     month of the sales that disputes are divided by
--   limit_ratio     disputes / sales from which the level is reached
--   minimum_count   disputes of a month from which the level can be reached
--   sales_count     captured payments of that month
--   dispute_count   payments charged back in the month
--   dispute_ratio   dispute_count / sales_count
--   limit_count     fewest disputes that reach the level
--   headroom_count  disputes that may still come without reaching it
--   is_reached      1 when the level is reached
--   limit_source    where the limit is written
-- NULL: dispute_ratio without sales.
CREATE OR REPLACE VIEW kpi_scheme_headroom AS
SELECT
    h.card_scheme,
    h.programme,
    h.limit_level,
    h.month_start,
    h.sales_month,
    h.limit_ratio,
    CAST(h.minimum_count AS SIGNED) AS minimum_count,
    CAST(h.sales_count AS SIGNED) AS sales_count,
    CAST(h.dispute_count AS SIGNED) AS dispute_count,
    CAST(1.000000 * h.dispute_count / NULLIF(h.sales_count, 0) AS DECIMAL(18, 6))
        AS dispute_ratio,
    CAST(h.limit_count AS SIGNED) AS limit_count,
    CAST(GREATEST(0, h.limit_count - 1 - h.dispute_count) AS SIGNED) AS headroom_count,
    CAST(h.dispute_count >= h.limit_count AS SIGNED) AS is_reached,
    h.limit_source
FROM (
    SELECT
        l.card_scheme,
        l.programme,
        l.limit_level,
        n.month_start,
        l.sales_month,
        l.limit_ratio,
        l.minimum_count,
        l.limit_source,
        COALESCE(s.sales_count, 0) AS sales_count,
        COALESCE(d.dispute_count, 0) AS dispute_count,
        -- The fewest disputes that reach both limits; one at least.
        GREATEST(
            1, l.minimum_count, CEIL(l.limit_ratio * COALESCE(s.sales_count, 0))
        ) AS limit_count
    FROM scheme_limits AS l
    INNER JOIN (
        SELECT DATE(as_of()) - INTERVAL DAYOFMONTH(as_of()) - 1 DAY AS month_start
        UNION ALL
        -- MySQL names a column without a name by its text, and restores no view with one that is
        -- longer than 64 characters.
        SELECT
            DATE(as_of()) - INTERVAL DAYOFMONTH(as_of()) - 1 DAY - INTERVAL 1 MONTH AS month_start
    ) AS n
        ON n.month_start >= l.valid_from
            AND (l.valid_until IS NULL OR n.month_start < l.valid_until)
    LEFT JOIN (
        SELECT
            m.member,
            m.metric_date - INTERVAL DAYOFMONTH(m.metric_date) - 1 DAY AS month_start,
            SUM(
                m.completed_count + m.reversed_count + m.refunded_count + m.charged_back_count
            ) AS sales_count
        FROM metric_day AS m
        WHERE m.dimension = 'card_scheme'
            AND m.metric_date
                >= DATE(as_of()) - INTERVAL DAYOFMONTH(as_of()) - 1 DAY - INTERVAL 2 MONTH
            AND m.metric_date <= DATE(as_of())
        GROUP BY m.member, month_start
    ) AS s
        ON s.member = l.card_scheme
            AND s.month_start = n.month_start
                - INTERVAL IF(l.sales_month = 'previous', 1, 0) MONTH
    LEFT JOIN (
        SELECT
            t.card_scheme,
            DATE(COALESCE(t.status_changed_at, t.transaction_time)) - INTERVAL
                DAYOFMONTH(COALESCE(t.status_changed_at, t.transaction_time)) - 1 DAY
                AS month_start,
            COUNT(*) AS dispute_count
        FROM transactions AS t FORCE INDEX (idx_transactions_status_time)
        WHERE t.status = 'charged_back'
            -- Schemes let a payment be disputed for 540 days at most.
            AND t.transaction_time
                >= DATE(as_of()) - INTERVAL DAYOFMONTH(as_of()) - 1 DAY - INTERVAL 20 MONTH
            AND t.transaction_time <= as_of()
            AND COALESCE(t.status_changed_at, t.transaction_time)
                >= DATE(as_of()) - INTERVAL DAYOFMONTH(as_of()) - 1 DAY - INTERVAL 1 MONTH
            AND COALESCE(t.status_changed_at, t.transaction_time) <= as_of()
        GROUP BY t.card_scheme, month_start
    ) AS d ON d.card_scheme = l.card_scheme AND d.month_start = n.month_start
) AS h;
