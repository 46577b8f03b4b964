DELIMITER $$

CREATE OR REPLACE PROCEDURE sample_gauges(
    IN in_minute DATETIME
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Keeps how open payments, settlements and tables stand now, as of the minute in_minute
(UTC); a minute that has its samples keeps them. Ratios are shares of what is allowed: 1 is the
limit.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_days INT;

    IF NOT EXISTS (SELECT 1 FROM monitor_gauges AS g WHERE g.sample_minute = in_minute) THEN
        INSERT INTO monitor_gauges (gauge_name, member, sample_minute, gauge_value)
        SELECT
            g.gauge_name,
            b.state,
            in_minute,
            CASE g.gauge_name
                WHEN 'open_count' THEN b.open_count
                WHEN 'open_amount' THEN b.open_amount
                WHEN 'over_age_count' THEN b.over_age_count
                -- The age of an empty state is 0; without a limit there is no share of it.
                ELSE 1e0 * COALESCE(b.oldest_state_age_seconds, 0) / b.maximum_age_seconds END
        FROM backlog_by_state AS b
        CROSS JOIN (
            SELECT 'open_count' AS gauge_name
            UNION ALL
            SELECT 'open_amount'
            UNION ALL
            SELECT 'over_age_count'
            UNION ALL
            SELECT 'open_age_ratio'
        ) AS g
        WHERE g.gauge_name <> 'open_age_ratio' OR b.maximum_age_seconds > 0;

        INSERT INTO monitor_gauges (gauge_name, member, sample_minute, gauge_value)
        SELECT
            g.gauge_name,
            s.rail,
            in_minute,
            IF(g.gauge_name = 'overdue_count', s.overdue_count, s.overdue_amount)
        FROM (
            SELECT
                o.rail,
                SUM(o.overdue_count) AS overdue_count,
                SUM(o.overdue_amount) AS overdue_amount
            FROM settlement_overdue_by_age AS o
            GROUP BY o.rail
        ) AS s
        CROSS JOIN (
            SELECT 'overdue_count' AS gauge_name
            UNION ALL
            SELECT 'overdue_amount'
        ) AS g;

        INSERT INTO monitor_gauges (gauge_name, member, sample_minute, gauge_value)
        SELECT
            'age_ratio',
            f.table_name,
            in_minute,
            1e0 * f.event_age_seconds / f.maximum_age_seconds
        FROM ops_freshness AS f
        WHERE f.event_age_seconds / f.maximum_age_seconds IS NOT NULL;
    END IF;
    -- SELECT INTO: a DELETE that reads another table locks what it reads.
    SELECT MAX(CAST(g.setting_value AS SIGNED))
    INTO v_days
    FROM settings AS g
    WHERE g.setting_name = 'detail_days';
    DELETE FROM monitor_gauges
    WHERE sample_minute < in_minute - INTERVAL v_days DAY
    LIMIT 20000;
END$$

DELIMITER ;
