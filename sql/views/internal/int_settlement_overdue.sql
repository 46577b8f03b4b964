-- int_settlement_overdue: settlements past due by rail, due hour and aging bucket of their
-- business delay, the delay is counted only where the bucket could still be another than the
-- last.
--
-- Grain: one row per rail and due hour with settlements past due.
-- Time axis: due_hour
-- Columns:
--   rail            rail
--   due_hour        hour in which they were due (UTC)
--   bucket_number   bucket of the scheme overdue
--   pending_count   settlements past due
--   pending_amount  their amount, base currency
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_settlement_overdue AS
SELECT
    o.rail,
    o.due_hour,
    b.bucket_number,
    o.pending_count,
    o.pending_amount
FROM (
    SELECT
        h.rail,
        h.due_hour,
        h.pending_count,
        h.pending_amount,
        CASE
            WHEN r.calendar_name = 'ALWAYS' THEN TIMESTAMPDIFF(SECOND, h.due_hour, as_of())
            WHEN h.due_hour < as_of() - INTERVAL 2 * l.last_seconds + 864000 SECOND
                THEN l.last_seconds
            ELSE COALESCE(
                GREATEST(0,
                    n.business_seconds
                    - (d.business_day_number - d.is_business_day) * 86400
                    - d.is_business_day * TIME_TO_SEC(TIME(h.due_hour + INTERVAL (
                        SELECT o.offset_seconds
                        FROM time_zone_offsets AS o
                        WHERE o.time_zone = n.time_zone AND o.valid_from <= h.due_hour
                        ORDER BY o.valid_from DESC
                        LIMIT 1
                    ) SECOND))),
                TIMESTAMPDIFF(SECOND, h.due_hour, as_of())
            )
        END AS delay_seconds
    FROM settlement_hour AS h
    INNER JOIN rails AS r ON r.rail = h.rail
    INNER JOIN int_business_now AS n ON n.calendar_name = r.calendar_name
    LEFT JOIN calendar_days AS d
        ON d.calendar_name = n.calendar_name
            AND d.calendar_date = DATE(h.due_hour + INTERVAL (
                SELECT z.offset_seconds
                FROM time_zone_offsets AS z
                WHERE z.time_zone = n.time_zone AND z.valid_from <= h.due_hour
                ORDER BY z.valid_from DESC
                LIMIT 1
            ) SECOND)
    CROSS JOIN (
        SELECT MAX(a.from_seconds) AS last_seconds
        FROM aging_buckets AS a
        WHERE a.bucket_scheme = 'overdue'
    ) AS l
    WHERE h.pending_count > 0
        AND h.due_hour < as_of() - INTERVAL TIME_TO_SEC(TIME(as_of())) MOD 3600 SECOND
    UNION ALL
    SELECT
        s.rail,
        s.due_at,
        1,
        COALESCE(s.base_amount, 0),
        TIMESTAMPDIFF(SECOND, s.due_at, as_of())
    FROM settlements AS s
    WHERE s.settlement_status = 'pending'
        AND s.due_at >= as_of() - INTERVAL TIME_TO_SEC(TIME(as_of())) MOD 3600 SECOND
        AND s.due_at < as_of()
) AS o
INNER JOIN aging_buckets AS b
    ON b.bucket_scheme = 'overdue'
        AND b.from_seconds <= o.delay_seconds
        AND (b.to_seconds IS NULL OR b.to_seconds > o.delay_seconds);
