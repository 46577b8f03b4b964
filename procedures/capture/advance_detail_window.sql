DELIMITER $$

CREATE OR REPLACE PROCEDURE advance_detail_window(
    IN in_end DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Moves the detail window so that it ends on in_end (UTC day), and deletes the minutes and
hours that are kept inside it only. Moves back over days without payments alone: deleted detail
does not come back.
Helper: joins the transaction of the caller, who holds rollup_state'
BEGIN
    DECLARE v_days INT;
    DECLARE v_from DATE;
    DECLARE v_old DATE;

    SELECT
        CAST(x.setting_value AS SIGNED),
        s.detail_from_date
    INTO v_days, v_old
    FROM rollup_state AS s
    LEFT JOIN settings AS x ON x.setting_name = 'detail_days'
    WHERE s.state_id = 1;
    SET v_from = in_end - INTERVAL (GREATEST(COALESCE(v_days, 14), 1) - 1) DAY;

    IF v_from > v_old THEN
        -- Every dimension but all, named so that the primary key bounds the read.
        DELETE FROM metric_minute
        WHERE dimension IN (
                -- each dimension but all, in rows: '{name}'
                'transaction_type', 'merchant_category', 'location', 'device_type', 'channel',
                'product', 'acquirer', 'card_scheme', 'response_code'
                -- end
            )
            AND metric_minute < v_from;
        DELETE FROM latency_minute
        WHERE dimension = 'all' AND metric_minute < v_from;
        DELETE FROM latency_hour
        WHERE dimension IN (
                -- each route dimension but all, in rows: '{name}'
                'transaction_type', 'channel', 'acquirer', 'card_scheme'
                -- end
            )
            AND metric_hour < v_from;
        UPDATE rollup_state SET detail_from_date = v_from WHERE state_id = 1;
    ELSEIF v_from < v_old
        AND NOT EXISTS (
            SELECT 1
            FROM metric_day AS d
            WHERE d.dimension = 'all' AND d.metric_date >= v_from AND d.metric_date < v_old)
    THEN
        UPDATE rollup_state SET detail_from_date = v_from WHERE state_id = 1;
    END IF;
END$$

DELIMITER ;
