DELIMITER $$

CREATE OR REPLACE PROCEDURE refresh_payment_cube(
    IN in_days INT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Counts the days anew whose rollups changed since payment_cube counted them: the last two
days first, then those that were counted longest ago. What it costs depends on the payments of these
days.
Parameters:
    in_days: most days to count, at least 1
Result: days counted, rows written, has_more.
Errors: 30001 open transaction, 30014 a setting of the session, 30002 in_days, 30602 the run was
    replaced.
Transaction: owns, one a day.
Example: CALL refresh_payment_cube(8)'
BEGIN
    DECLARE v_errno INT;
    DECLARE v_state CHAR(5) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
    DECLARE v_date DATE;
    DECLARE v_digest BIGINT UNSIGNED;
    DECLARE v_days INT DEFAULT 0;
    DECLARE v_changed INT DEFAULT 0;
    DECLARE v_rows BIGINT DEFAULT 0;
    DECLARE v_is_done TINYINT DEFAULT 0;
    DECLARE c_days CURSOR FOR
        SELECT d.metric_date, d.rollup_digest
        FROM changed_cube_days AS d
        ORDER BY d.day_order;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_is_done = 1;

    IF in_days IS NULL OR in_days < 1 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'refresh_payment_cube: in_days is not a positive number';
    END IF;
    IF @@in_transaction THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30001,
            MESSAGE_TEXT = 'refresh_payment_cube: called inside an open transaction';
    END IF;
    CALL check_work_session(FALSE);

    BEGIN
        DECLARE EXIT HANDLER FOR SQLEXCEPTION
        BEGIN
            CALL read_error(v_errno, v_state, v_message);
            ROLLBACK;
            DROP TEMPORARY TABLE IF EXISTS changed_cube_days;
            CALL log_routine_error('refresh_payment_cube', v_errno, v_state, v_message);
            RESIGNAL;
        END;

        DROP TEMPORARY TABLE IF EXISTS changed_cube_days;
        CREATE TEMPORARY TABLE changed_cube_days (
            day_order INT NOT NULL PRIMARY KEY,
            metric_date DATE NOT NULL,
            rollup_digest BIGINT UNSIGNED NOT NULL
        ) ENGINE = Aria TRANSACTIONAL = 0;
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
        START TRANSACTION;
        CALL check_job_fence();
        INSERT INTO changed_cube_days
        SELECT
            ROW_NUMBER() OVER (
                ORDER BY
                    d.metric_date > DATE(as_of()) - INTERVAL 2 DAY DESC,
                    c.counted_at,
                    d.metric_date DESC),
            d.metric_date,
            d.rollup_digest
        FROM (
            SELECT
                x.metric_date,
                SUM(x.row_digest) AS rollup_digest
            FROM (
                SELECT
                    m.metric_date,
                    -- Checksums of the members are summed, so that their order does not count.
                    CRC32(CONCAT_WS(
                        '|',
                        m.dimension,
                        m.member,
                        -- each measure: m.{name}
                        m.total_count,
                        m.created_count,
                        m.pending_count,
                        m.authorized_count,
                        m.completed_count,
                        m.failed_count,
                        m.denied_count,
                        m.cancelled_count,
                        m.reversed_count,
                        m.refunded_count,
                        m.charged_back_count,
                        m.final_attempt_count,
                        m.final_captured_count,
                        m.unconverted_count,
                        m.answered_count,
                        m.duration_sum_ms,
                        m.total_amount,
                        m.pending_amount,
                        m.authorized_amount,
                        m.completed_amount,
                        m.failed_amount,
                        m.denied_amount,
                        m.reversed_amount,
                        m.refunded_amount,
                        m.charged_back_amount
                        -- end
                    )) AS row_digest
                FROM metric_day AS m
                -- A member whose payments are gone leaves a row of zeros.
                WHERE m.total_count <> 0
                UNION ALL
                SELECT
                    k.metric_date,
                    0
                FROM payment_cube_days AS k
            ) AS x
            GROUP BY x.metric_date
        ) AS d
        LEFT JOIN payment_cube_days AS c ON c.metric_date = d.metric_date
        WHERE NOT (c.rollup_digest <=> d.rollup_digest);
        SELECT COUNT(*) INTO v_changed FROM changed_cube_days AS d;
        COMMIT;

        OPEN c_days;
        days: LOOP
            FETCH c_days INTO v_date, v_digest;
            IF v_is_done OR v_days >= in_days THEN
                LEAVE days;
            END IF;
            -- READ COMMITTED: INSERT ... SELECT would lock the payments that it counts.
            SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
            START TRANSACTION;
            CALL check_job_fence();
            -- The row of the day first: whoever counts the same day waits here.
            INSERT INTO payment_cube_days (
                metric_date,
                rollup_digest,
                payment_count,
                row_count,
                counted_at
            )
            VALUES (v_date, v_digest, 0, 0, UTC_TIMESTAMP(3))
            ON DUPLICATE KEY UPDATE
                rollup_digest = VALUES(rollup_digest),
                counted_at = VALUES(counted_at);
            DELETE FROM payment_cube WHERE metric_date = v_date;
            INSERT INTO payment_cube (
                metric_date,
                status,
                -- each cube dimension: {column},
                transaction_type,
                merchant_category,
                location,
                channel,
                product,
                acquirer,
                card_scheme,
                -- end
                payment_count,
                payment_amount,
                unconverted_count,
                answered_count,
                duration_sum_ms
            )
            SELECT
                v_date,
                p.status,
                -- each cube dimension: p.{column},
                p.transaction_type,
                p.merchant_category,
                p.location,
                p.channel,
                p.product,
                p.acquirer,
                p.card_scheme,
                -- end
                COUNT(*),
                COALESCE(SUM(p.base_amount), 0),
                SUM(p.base_amount IS NULL),
                COUNT(p.duration_ms),
                COALESCE(SUM(p.duration_ms), 0)
            FROM (
                SELECT
                    t.status,
                    -- each cube dimension: {member of t} AS {column},
                    t.transaction_type AS transaction_type,
                    COALESCE(t.merchant_category, '(none)') AS merchant_category,
                    COALESCE(t.location, '(none)') AS location,
                    COALESCE(t.channel, '(none)') AS channel,
                    COALESCE(t.product, '(none)') AS product,
                    COALESCE(t.acquirer, '(none)') AS acquirer,
                    COALESCE(t.card_scheme, '(none)') AS card_scheme,
                    -- end
                    t.base_amount,
                    t.duration_ms
                FROM transactions AS t FORCE INDEX (idx_transactions_time)
                WHERE t.transaction_time >= v_date
                    AND t.transaction_time < v_date + INTERVAL 1 DAY
                UNION ALL
                SELECT
                    r.status,
                    -- each cube dimension: {member of r} AS {column},
                    r.transaction_type AS transaction_type,
                    COALESCE(r.merchant_category, '(none)') AS merchant_category,
                    COALESCE(r.location, '(none)') AS location,
                    COALESCE(r.channel, '(none)') AS channel,
                    COALESCE(r.product, '(none)') AS product,
                    COALESCE(r.acquirer, '(none)') AS acquirer,
                    COALESCE(r.card_scheme, '(none)') AS card_scheme,
                    -- end
                    r.base_amount,
                    r.duration_ms
                FROM transactions_archive AS r
                WHERE r.transaction_time >= v_date
                    AND r.transaction_time < v_date + INTERVAL 1 DAY
            ) AS p
            GROUP BY
                p.status,
                -- each cube dimension: p.{column};
                p.transaction_type,
                p.merchant_category,
                p.location,
                p.channel,
                p.product,
                p.acquirer,
                p.card_scheme;
                -- end
            SET v_rows = v_rows + ROW_COUNT();
            UPDATE payment_cube_days AS k
            SET
                k.row_count = (
                    SELECT COUNT(*) FROM payment_cube AS c WHERE c.metric_date = v_date),
                k.payment_count = (
                    SELECT COALESCE(SUM(c.payment_count), 0)
                    FROM payment_cube AS c
                    WHERE c.metric_date = v_date)
            WHERE k.metric_date = v_date;
            COMMIT;
            SET v_days = v_days + 1;
        END LOOP;
        CLOSE c_days;
        DROP TEMPORARY TABLE changed_cube_days;
        -- On MySQL, with autocommit off, reading and dropping a temporary table opened a transaction.
        COMMIT;
    END;
    SET @payops_job_rows = v_rows;
    SELECT
        v_days AS counted_days,
        v_rows AS written_rows,
        (v_changed > v_days) AS has_more;
END$$

DELIMITER ;
