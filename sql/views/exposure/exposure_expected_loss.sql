-- exposure_expected_loss: ESTIMATE of the amount of pending settlements that will fail: amount
-- times the share that failed in the last 30 due days.
--
-- Grain: one row per rail and aging bucket with pending settlements, bucket 0 is not yet due.
-- Note: an upper estimate: when a failed settlement failed is not in the history, so each counts
-- for every delay.
-- Columns:
--   rail                  rail
--   bucket_number         bucket of the scheme overdue, 0 for not yet due
--   bucket_label          label of the bucket
--   pending_count         settlements that are pending
--   pending_amount        their amount, base currency
--   failed_count          history: settlements that failed
--   history_count         history: failed, or settled with at least that delay
--   fail_ratio            failed_count / history_count
--   expected_loss_amount  estimate: pending_amount * fail_ratio, base currency
-- NULL: fail_ratio and expected_loss_amount are NULL without history.
CREATE OR REPLACE VIEW exposure_expected_loss AS
SELECT
    p.rail,
    p.bucket_number,
    CAST(COALESCE(b.bucket_label, 'not yet due') AS CHAR(24))
        COLLATE utf8mb4_general_ci AS bucket_label,
    CAST(p.pending_count AS SIGNED) AS pending_count,
    CAST(p.pending_amount AS DECIMAL(21, 4)) AS pending_amount,
    CAST(o.failed_count AS SIGNED) AS failed_count,
    CAST(o.failed_count + o.settled_count AS SIGNED) AS history_count,
    CAST(
        1.000000 * o.failed_count
        / NULLIF((o.failed_count + o.settled_count), 0)
    AS DECIMAL(9, 6)) AS fail_ratio,
    CAST(
        1.000000 * p.pending_amount * o.failed_count
        / NULLIF(o.failed_count + o.settled_count, 0)
    AS DECIMAL(21, 4)) AS expected_loss_amount
FROM (
    SELECT
        i.rail,
        i.bucket_number,
        SUM(i.pending_count) AS pending_count,
        SUM(i.pending_amount) AS pending_amount
    FROM int_settlement_overdue AS i
    GROUP BY i.rail, i.bucket_number
    UNION ALL
    SELECT
        n.rail,
        0,
        SUM(n.pending_count) AS pending_count,
        SUM(n.pending_amount) AS pending_amount
    FROM (
        SELECT
            d.rail,
            d.pending_count,
            d.pending_amount
        FROM settlement_day AS d
        UNION ALL
        SELECT
            u.rail,
            -u.pending_count,
            -u.pending_amount
        FROM int_settlement_due AS u
    ) AS n
    GROUP BY n.rail
    HAVING SUM(n.pending_count) > 0
) AS p
INNER JOIN int_settlement_fail_odds AS o
    ON o.rail = p.rail AND o.bucket_number = p.bucket_number
LEFT JOIN aging_buckets AS b
    ON b.bucket_scheme = 'overdue' AND b.bucket_number = p.bucket_number;
