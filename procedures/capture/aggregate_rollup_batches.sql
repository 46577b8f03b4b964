DELIMITER $$

CREATE OR REPLACE PROCEDURE aggregate_rollup_batches()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Sums the batch_... tables of this connection into its delta_... tables, at the finest grain of each rollup. Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_dimension VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_member VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_number INT DEFAULT 0;
    DECLARE v_has_payments BOOLEAN DEFAULT EXISTS (SELECT 1 FROM batch_transactions);

    -- One pass for each dimension: group by state first, then turn states into columns. As fast
    -- in a prototype as any other form, and one definition serves every dimension.
    WHILE v_has_payments AND v_number < 10 DO
        SET v_number = v_number + 1;
        SET v_dimension = ELT(v_number,
            'all', 'transaction_type', 'merchant_category', 'location', 'device_type', 'channel',
            'product', 'acquirer', 'card_scheme', 'response_code');
        SET v_member = IF(v_dimension = 'all', '''all''', v_dimension);
        EXECUTE IMMEDIATE CONCAT('
            INSERT INTO delta_metric
            SELECT
                ''', v_dimension, ''',
                g.metric_minute,
                g.member,
                SUM(g.payments),
                SUM(IF(g.status = ''created'', g.payments, 0)),
                SUM(IF(g.status = ''pending'', g.payments, 0)),
                SUM(IF(g.status = ''authorized'', g.payments, 0)),
                SUM(IF(g.status = ''completed'', g.payments, 0)),
                SUM(IF(g.status = ''failed'', g.payments, 0)),
                SUM(IF(g.status = ''denied'', g.payments, 0)),
                SUM(IF(g.status = ''cancelled'', g.payments, 0)),
                SUM(IF(g.status = ''reversed'', g.payments, 0)),
                SUM(IF(g.status = ''refunded'', g.payments, 0)),
                SUM(IF(g.status = ''charged_back'', g.payments, 0)),
                SUM(g.final_attempts),
                SUM(IF(
                    g.status IN (''completed'', ''reversed'', ''refunded'', ''charged_back''),
                    g.final_attempts,
                    0)),
                SUM(g.unconverted),
                SUM(g.answered),
                SUM(g.duration),
                SUM(g.amount),
                SUM(IF(g.status IN (''created'', ''pending''), g.amount, 0)),
                SUM(IF(g.status = ''authorized'', g.amount, 0)),
                SUM(IF(g.status = ''completed'', g.amount, 0)),
                SUM(IF(g.status = ''failed'', g.amount, 0)),
                SUM(IF(g.status = ''denied'', g.amount, 0)),
                SUM(IF(g.status = ''reversed'', g.amount, 0)),
                SUM(IF(g.status = ''refunded'', g.amount, 0)),
                SUM(IF(g.status = ''charged_back'', g.amount, 0))
            FROM (
                SELECT
                    metric_minute,
                    ', v_member, ' AS member,
                    status,
                    SUM(change_sign) AS payments,
                    SUM(final_attempt) AS final_attempts,
                    SUM(unconverted) AS unconverted,
                    SUM(answered) AS answered,
                    SUM(signed_duration) AS duration,
                    SUM(signed_amount) AS amount
                FROM batch_transactions
                GROUP BY metric_minute, ', v_member, ', status
            ) AS g
            GROUP BY g.metric_minute, g.member');
    END WHILE;

    -- Latency: one pass over the route (type, channel, acquirer, scheme), then each of its parts.
    IF v_has_payments THEN
        INSERT INTO delta_latency_minute
        SELECT
            metric_minute,
            latency_bin,
            SUM(change_sign),
            SUM(IF(status = 'failed', change_sign, 0))
        FROM batch_transactions
        WHERE latency_bin IS NOT NULL
        GROUP BY metric_minute, latency_bin;

        DROP TEMPORARY TABLE IF EXISTS route_latency;
        CREATE TEMPORARY TABLE route_latency ENGINE = Aria TRANSACTIONAL = 0
        SELECT
            metric_minute - INTERVAL MINUTE(metric_minute) MINUTE AS metric_hour,
            transaction_type,
            channel,
            acquirer,
            card_scheme,
            latency_bin,
            SUM(change_sign) AS answered_count,
            SUM(IF(status = 'failed', change_sign, 0)) AS failed_count
        FROM batch_transactions
        WHERE latency_bin IS NOT NULL
        GROUP BY
            metric_minute - INTERVAL MINUTE(metric_minute) MINUTE,
            transaction_type,
            channel,
            acquirer,
            card_scheme,
            latency_bin;

        SET v_number = 0;
        WHILE v_number < 5 DO
            SET v_number = v_number + 1;
            SET v_dimension = ELT(v_number,
                'all', 'transaction_type', 'channel', 'acquirer', 'card_scheme');
            SET v_member = IF(v_dimension = 'all', '''all''', v_dimension);
            EXECUTE IMMEDIATE CONCAT('
                INSERT INTO delta_latency
                SELECT
                    ''', v_dimension, ''',
                    metric_hour,
                    ', v_member, ' AS member,
                    latency_bin,
                    SUM(answered_count),
                    SUM(failed_count)
                FROM route_latency
                GROUP BY metric_hour, ', v_member, ', latency_bin');
        END WHILE;
        DROP TEMPORARY TABLE route_latency;

        INSERT INTO delta_account_day
        SELECT
            account_id,
            DATE(metric_minute) AS activity_date,
            SUM(change_sign),
            SUM(IF(status = 'completed', change_sign, 0)),
            SUM(IF(status = 'failed', change_sign, 0)),
            SUM(IF(status = 'denied', change_sign, 0)),
            SUM(IF(status IN ('created', 'pending', 'authorized'), change_sign, 0)),
            SUM(signed_amount),
            SUM(IF(status = 'completed', signed_amount, 0)),
            SUM(IF(status IN ('created', 'pending', 'authorized'), signed_amount, 0)),
            SUM(IF(status = 'completed', signed_square, 0))
        FROM batch_transactions
        GROUP BY account_id, DATE(metric_minute);
    END IF;

    INSERT INTO delta_settlement
    SELECT
        rail,
        due_at - INTERVAL TIME_TO_SEC(TIME(due_at)) MOD 3600 SECOND AS due_hour,
        SUM(change_sign),
        SUM(IF(settlement_status = 'settled', change_sign, 0)),
        SUM(IF(settlement_status = 'settled' AND settlement_date <= due_at, change_sign, 0)),
        SUM(IF(
            settlement_status = 'settled' AND settlement_date <= accepted_at + INTERVAL 24 HOUR,
            change_sign,
            0)),
        SUM(IF(settlement_status = 'failed', change_sign, 0)),
        SUM(IF(settlement_status = 'pending', change_sign, 0)),
        SUM(signed_amount),
        SUM(IF(settlement_status = 'settled', signed_amount, 0)),
        SUM(IF(settlement_status = 'settled' AND settlement_date <= due_at, signed_amount, 0)),
        SUM(IF(settlement_status = 'failed', signed_amount, 0)),
        SUM(IF(settlement_status = 'pending', signed_amount, 0))
    FROM batch_settlements
    GROUP BY rail, due_at - INTERVAL TIME_TO_SEC(TIME(due_at)) MOD 3600 SECOND;

    INSERT INTO delta_settlement_delay
    SELECT
        rail,
        DATE(due_at) AS due_date,
        IF(delay_seconds < 1, 0, 1 + CEIL(LN(delay_seconds) / LN(1.05 / 0.95))) AS delay_bin,
        SUM(change_sign),
        SUM(signed_amount),
        SUM(change_sign * delay_seconds),
        SUM(signed_amount * delay_seconds)
    FROM batch_settlements
    WHERE settlement_status = 'settled'
    GROUP BY
        rail,
        DATE(due_at),
        IF(delay_seconds < 1, 0, 1 + CEIL(LN(delay_seconds) / LN(1.05 / 0.95)));

    INSERT INTO delta_login
    SELECT
        login_time - INTERVAL TIME_TO_SEC(TIME(login_time)) MOD 3600 SECOND AS login_hour,
        SUM(change_sign),
        SUM(IF(login_status = 'failed', change_sign, 0))
    FROM batch_logins
    GROUP BY login_time - INTERVAL TIME_TO_SEC(TIME(login_time)) MOD 3600 SECOND;
END$$

DELIMITER ;
