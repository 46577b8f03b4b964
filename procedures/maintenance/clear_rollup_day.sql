DELIMITER $$

CREATE OR REPLACE PROCEDURE clear_rollup_day(
    IN in_date DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Deletes the rollups of one UTC day and takes it out of account_window and customer_window.
Helper: joins the transaction of the caller, who holds rollup_state'
BEGIN
    DECLARE v_window_end DATE;

    SELECT s.window_end_date
    INTO v_window_end
    FROM rollup_state AS s
    WHERE s.state_id = 1;
    IF in_date BETWEEN v_window_end - INTERVAL 29 DAY AND v_window_end THEN
        CALL add_account_days(in_date, in_date, -1);
        INSERT INTO customer_window (
            customer_id,
            total_count,
            completed_count,
            completed_amount
        )
        SELECT
            a.customer_id,
            -SUM(d.total_count),
            -SUM(d.completed_count),
            -SUM(d.completed_amount)
        FROM account_day AS d
        INNER JOIN accounts AS a ON a.account_id = d.account_id
        WHERE d.activity_date = in_date
        GROUP BY a.customer_id
        ON DUPLICATE KEY UPDATE
            total_count = customer_window.total_count + VALUES(total_count),
            completed_count = customer_window.completed_count + VALUES(completed_count),
            completed_amount = customer_window.completed_amount + VALUES(completed_amount);
    END IF;

    DELETE FROM metric_minute
    WHERE dimension IN (
            -- each dimension, in rows: '{name}'
            'all', 'transaction_type', 'merchant_category', 'location', 'device_type', 'channel',
            'product', 'acquirer', 'card_scheme', 'response_code'
            -- end
        )
        AND metric_minute >= in_date AND metric_minute < in_date + INTERVAL 1 DAY;

    DELETE FROM metric_hour
    WHERE dimension IN (
            -- each dimension, in rows: '{name}'
            'all', 'transaction_type', 'merchant_category', 'location', 'device_type', 'channel',
            'product', 'acquirer', 'card_scheme', 'response_code'
            -- end
        )
        AND metric_hour >= in_date AND metric_hour < in_date + INTERVAL 1 DAY;

    DELETE FROM metric_day
    WHERE dimension IN (
            -- each dimension, in rows: '{name}'
            'all', 'transaction_type', 'merchant_category', 'location', 'device_type', 'channel',
            'product', 'acquirer', 'card_scheme', 'response_code'
            -- end
        )
        AND metric_date = in_date;

    DELETE FROM latency_minute
    WHERE dimension = 'all'
        AND metric_minute >= in_date AND metric_minute < in_date + INTERVAL 1 DAY;

    DELETE FROM latency_hour
    WHERE dimension IN (
            -- each route dimension, in rows: '{name}'
            'all', 'transaction_type', 'channel', 'acquirer', 'card_scheme'
            -- end
        )
        AND metric_hour >= in_date AND metric_hour < in_date + INTERVAL 1 DAY;

    DELETE FROM latency_day
    WHERE dimension IN (
            -- each route dimension, in rows: '{name}'
            'all', 'transaction_type', 'channel', 'acquirer', 'card_scheme'
            -- end
        )
        AND metric_date = in_date;

    DELETE FROM amount_day
    WHERE metric_date = in_date;

    DELETE FROM account_day
    WHERE activity_date = in_date;

    DELETE FROM settlement_hour
    WHERE due_hour >= in_date AND due_hour < in_date + INTERVAL 1 DAY;

    DELETE FROM settlement_day
    WHERE due_date = in_date;

    DELETE FROM settlement_delay_day
    WHERE due_date = in_date;

    DELETE FROM login_hour
    WHERE login_hour >= in_date AND login_hour < in_date + INTERVAL 1 DAY;
END$$

DELIMITER ;
