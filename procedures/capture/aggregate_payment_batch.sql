DELIMITER $$

CREATE OR REPLACE PROCEDURE aggregate_payment_batch(
    IN in_detail_from DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Sums batch_transactions of this connection into delta_metric, delta_latency_minute,
delta_latency, delta_amount_day and delta_account_day, at the finest grain that is kept: from
in_detail_from on minutes, and hours of routes; NULL for all.
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_dimension VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_member VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_number INT DEFAULT 0;
    DECLARE v_first_minute INT;
    DECLARE v_detail_minute INT;
    DECLARE v_total_units DOUBLE;
    DECLARE v_minute VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_hour VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_units VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin DEFAULT 'signed_units';
    DECLARE v_zero VARCHAR(3) CHARACTER SET ascii COLLATE ascii_bin DEFAULT '0';

    -- Aria does not undo a statement, so the strict mode of transactional tables alone would cut a
    -- value that does not fit, with a warning, from the second row on. Ends with the routine.
    SET SESSION sql_mode = 'STRICT_ALL_TABLES';
    SELECT
        MIN(b.minute_number),
        SUM(ABS(b.signed_units + 0e0))
    INTO v_first_minute, v_total_units
    FROM batch_transactions AS b;
    SET v_detail_minute = COALESCE(
        TIMESTAMPDIFF(MINUTE, TIMESTAMP'1000-01-01 00:00:00', CAST(in_detail_from AS DATETIME)), 0);

    -- Payments before the detail window are summed at the grain that is kept of them at once.
    SET v_minute = IF(
        v_first_minute >= v_detail_minute,
        'minute_number',
        CONCAT(
            'IF(minute_number >= ', v_detail_minute,
            ', minute_number, minute_number - minute_number MOD 60)'));
    SET v_hour = IF(
        v_first_minute >= v_detail_minute,
        'minute_number - minute_number MOD 60',
        CONCAT(
            'minute_number - minute_number MOD IF(minute_number >= ', v_detail_minute,
            ', 60, 1440)'));
    -- A sum of integers in floating point is exact while no partial sum passes 2^53, which is a
    -- little above 9e15, and three times as fast as a decimal one.
    IF v_total_units < 9e15 THEN
        SET v_units = 'signed_units + 0e0';
        SET v_zero = '0e0';
    END IF;

    -- One pass for each dimension: group by state first, then turn states into columns. As fast
    -- in a prototype as any other form, and one definition serves every dimension.
    -- all dimensions: WHILE v_number < {count} DO
    WHILE v_number < 10 DO
    -- end
        SET v_number = v_number + 1;
        SET v_dimension = ELT(v_number,
            -- each dimension, in rows: '{name}'
            'all', 'transaction_type', 'merchant_category', 'location', 'device_type', 'channel',
            'product', 'acquirer', 'card_scheme', 'response_code'
            -- end
        );
        SET v_member = IF(v_dimension = 'all', '''=all''', v_dimension);
        EXECUTE IMMEDIATE CONCAT('
            INSERT INTO delta_metric
            SELECT
                ''', v_dimension, ''',
                TIMESTAMP''1000-01-01 00:00:00'' + INTERVAL g.grain_number MINUTE,
                SUBSTRING(g.member, 2),
                SUM(g.payments),
                -- each state: SUM(IF(g.status = ''{state}'', g.payments, 0e0)),
                SUM(IF(g.status = ''created'', g.payments, 0e0)),
                SUM(IF(g.status = ''pending'', g.payments, 0e0)),
                SUM(IF(g.status = ''authorized'', g.payments, 0e0)),
                SUM(IF(g.status = ''completed'', g.payments, 0e0)),
                SUM(IF(g.status = ''failed'', g.payments, 0e0)),
                SUM(IF(g.status = ''denied'', g.payments, 0e0)),
                SUM(IF(g.status = ''cancelled'', g.payments, 0e0)),
                SUM(IF(g.status = ''reversed'', g.payments, 0e0)),
                SUM(IF(g.status = ''refunded'', g.payments, 0e0)),
                SUM(IF(g.status = ''charged_back'', g.payments, 0e0)),
                -- end
                SUM(g.final_attempts),
                SUM(IF(
                    -- all captured states: g.status IN ([''{state}'']),
                    g.status IN (''completed'', ''reversed'', ''refunded'', ''charged_back''),
                    -- end
                    g.final_attempts,
                    0e0)),
                SUM(g.unconverted),
                SUM(g.answered),
                SUM(g.duration),
                CAST(SUM(g.units) AS DECIMAL(25,0)) * 0.0001,
                -- each state amount:
                --     CAST(SUM(IF({status of g, quoted}, g.units, ', v_zero, '))
                --         AS DECIMAL(25,0)) * 0.0001
                CAST(SUM(IF(g.status IN (''created'', ''pending''), g.units, ', v_zero, '))
                    AS DECIMAL(25,0)) * 0.0001,
                CAST(SUM(IF(g.status = ''authorized'', g.units, ', v_zero, '))
                    AS DECIMAL(25,0)) * 0.0001,
                CAST(SUM(IF(g.status = ''completed'', g.units, ', v_zero, '))
                    AS DECIMAL(25,0)) * 0.0001,
                CAST(SUM(IF(g.status = ''failed'', g.units, ', v_zero, '))
                    AS DECIMAL(25,0)) * 0.0001,
                CAST(SUM(IF(g.status = ''denied'', g.units, ', v_zero, '))
                    AS DECIMAL(25,0)) * 0.0001,
                CAST(SUM(IF(g.status = ''reversed'', g.units, ', v_zero, '))
                    AS DECIMAL(25,0)) * 0.0001,
                CAST(SUM(IF(g.status = ''refunded'', g.units, ', v_zero, '))
                    AS DECIMAL(25,0)) * 0.0001,
                CAST(SUM(IF(g.status = ''charged_back'', g.units, ', v_zero, '))
                    AS DECIMAL(25,0)) * 0.0001
                -- end
            FROM (
                SELECT
                    ', IF(v_dimension = 'all', 'minute_number', v_minute), ' AS grain_number,
                    ', v_member, ' AS member,
                    status,
                    SUM(change_sign + 0e0) AS payments,
                    SUM(final_attempt + 0e0) AS final_attempts,
                    SUM(unconverted + 0e0) AS unconverted,
                    SUM(answered + 0e0) AS answered,
                    SUM(signed_duration + 0e0) AS duration,
                    SUM(', v_units, ') AS units
                FROM batch_transactions
                GROUP BY grain_number, member, status
            ) AS g
            GROUP BY g.grain_number, g.member');
    END WHILE;

    INSERT INTO delta_latency_minute
    SELECT
        TIMESTAMP'1000-01-01 00:00:00' + INTERVAL b.minute_number MINUTE,
        b.latency_bin,
        SUM(b.change_sign + 0e0),
        SUM(IF(b.status = 'failed', b.change_sign, 0e0))
    FROM batch_transactions AS b
    WHERE b.latency_bin IS NOT NULL AND b.minute_number >= v_detail_minute
    GROUP BY b.minute_number, b.latency_bin;

    -- Latency is a property of the route: type, channel, acquirer, scheme.
    SET v_number = 0;
    -- all route dimensions: WHILE v_number < {count} DO
    WHILE v_number < 5 DO
    -- end
        SET v_number = v_number + 1;
        SET v_dimension = ELT(v_number,
            -- each route dimension, in rows: '{name}'
            'all', 'transaction_type', 'channel', 'acquirer', 'card_scheme'
            -- end
        );
        SET v_member = IF(v_dimension = 'all', '''=all''', v_dimension);
        EXECUTE IMMEDIATE CONCAT('
            INSERT INTO delta_latency
            SELECT
                ''', v_dimension, ''',
                TIMESTAMP''1000-01-01 00:00:00'' + INTERVAL g.grain_number MINUTE,
                SUBSTRING(g.member, 2),
                g.latency_bin,
                g.answered,
                g.failed
            FROM (
                SELECT
                    ', IF(v_dimension = 'all', 'minute_number - minute_number MOD 60', v_hour), '
                        AS grain_number,
                    ', v_member, ' AS member,
                    latency_bin,
                    SUM(change_sign + 0e0) AS answered,
                    SUM(IF(status = ''failed'', change_sign, 0e0)) AS failed
                FROM batch_transactions
                WHERE latency_bin IS NOT NULL
                GROUP BY grain_number, member, latency_bin
            ) AS g');
    END WHILE;

    EXECUTE IMMEDIATE CONCAT('
        INSERT INTO delta_amount_day
        SELECT
            DATE(TIMESTAMP''1000-01-01 00:00:00'' + INTERVAL day_number * 1440 MINUTE),
            amount_bin,
            completed_count,
            CAST(completed_units AS DECIMAL(25,0)) * 0.0001
        FROM (
            SELECT
                minute_number DIV 1440 AS day_number,
                FLOOR(24 * LOG10(GREATEST(1, ABS(signed_units + 0e0)) / 1e4)) AS amount_bin,
                SUM(change_sign + 0e0) AS completed_count,
                SUM(', v_units, ') AS completed_units
            FROM batch_transactions
            WHERE status = ''completed'' AND unconverted = 0
            GROUP BY day_number, amount_bin
        ) AS a');

    EXECUTE IMMEDIATE CONCAT('
        INSERT INTO delta_account_day
        SELECT
            account_id,
            DATE(TIMESTAMP''1000-01-01 00:00:00'' + INTERVAL day_number * 1440 MINUTE),
            total_count,
            completed_count,
            failed_count,
            denied_count,
            open_count,
            CAST(total_units AS DECIMAL(25,0)) * 0.0001,
            CAST(completed_units AS DECIMAL(25,0)) * 0.0001,
            CAST(open_units AS DECIMAL(25,0)) * 0.0001,
            completed_squares * 0.00000001
        FROM (
            SELECT
                account_id,
                minute_number DIV 1440 AS day_number,
                SUM(change_sign + 0e0) AS total_count,
                SUM(IF(status = ''completed'', change_sign, 0e0)) AS completed_count,
                SUM(IF(status = ''failed'', change_sign, 0e0)) AS failed_count,
                SUM(IF(status = ''denied'', change_sign, 0e0)) AS denied_count,
                -- all open states:
                --     SUM(IF(status IN ([''{state}'']), change_sign, 0e0))
                --         AS open_count,
                SUM(IF(status IN (''created'', ''pending'', ''authorized''), change_sign, 0e0))
                    AS open_count,
                -- end
                SUM(', v_units, ') AS total_units,
                SUM(IF(status = ''completed'', ', v_units, ', ', v_zero, ')) AS completed_units,
                -- all open states:
                --     SUM(IF(status IN ([''{state}'']), ', v_units, ', ', v_zero, '))
                --         AS open_units,
                SUM(IF(status IN (''created'', ''pending'', ''authorized''), ', v_units, ', ', v_zero, '))
                    AS open_units,
                -- end
                SUM(IF(
                    status = ''completed'',
                    CAST(signed_units AS DECIMAL(23,0)) * signed_units * change_sign,
                    0)) AS completed_squares
            FROM batch_transactions
            GROUP BY account_id, day_number
        ) AS a');
END$$

DELIMITER ;
