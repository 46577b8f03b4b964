DELIMITER $$

CREATE OR REPLACE PROCEDURE create_rollup_batches()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Creates the empty temporary tables batch_... (versions to apply) and delta_... (what they
add to the rollups) of this connection.
Helper: starts and ends no transaction'
BEGIN
    CALL create_payment_batch(TRUE);

    -- Aria: a MEMORY table is full at 22,000 rows of the default size, InnoDB writes undo and redo.
    DROP TEMPORARY TABLE IF EXISTS batch_settlements;
    CREATE TEMPORARY TABLE batch_settlements (
        change_id BIGINT NOT NULL,
        change_sign TINYINT NOT NULL,
        rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        due_at DATETIME NOT NULL,
        accepted_at DATETIME NOT NULL,
        settlement_date DATETIME NULL,
        settlement_status ENUM ('pending', 'settled', 'failed') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        signed_amount DECIMAL(19,4) NOT NULL,
        delay_seconds BIGINT NOT NULL
    ) ENGINE = Aria TRANSACTIONAL = 0;
    DROP TEMPORARY TABLE IF EXISTS batch_rails;
    CREATE TEMPORARY TABLE batch_rails (
        rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        calendar_name VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
    ) ENGINE = Aria TRANSACTIONAL = 0;
    DROP TEMPORARY TABLE IF EXISTS batch_logins;
    CREATE TEMPORARY TABLE batch_logins (
        change_id BIGINT NOT NULL,
        change_sign TINYINT NOT NULL,
        login_time DATETIME NOT NULL,
        login_status ENUM ('success', 'failed') CHARACTER SET ascii COLLATE ascii_bin NOT NULL
    ) ENGINE = Aria TRANSACTIONAL = 0;
    DROP TEMPORARY TABLE IF EXISTS delta_metric;
    CREATE TEMPORARY TABLE delta_metric (
        dimension VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        metric_minute DATETIME NOT NULL,
        member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
        -- each measure: {name} {delta} NOT NULL
        total_count BIGINT NOT NULL,
        created_count BIGINT NOT NULL,
        pending_count BIGINT NOT NULL,
        authorized_count BIGINT NOT NULL,
        completed_count BIGINT NOT NULL,
        failed_count BIGINT NOT NULL,
        denied_count BIGINT NOT NULL,
        cancelled_count BIGINT NOT NULL,
        reversed_count BIGINT NOT NULL,
        refunded_count BIGINT NOT NULL,
        charged_back_count BIGINT NOT NULL,
        final_attempt_count BIGINT NOT NULL,
        final_captured_count BIGINT NOT NULL,
        unconverted_count BIGINT NOT NULL,
        answered_count BIGINT NOT NULL,
        duration_sum_ms BIGINT NOT NULL,
        total_amount DECIMAL(21,4) NOT NULL,
        pending_amount DECIMAL(21,4) NOT NULL,
        authorized_amount DECIMAL(21,4) NOT NULL,
        completed_amount DECIMAL(21,4) NOT NULL,
        failed_amount DECIMAL(21,4) NOT NULL,
        denied_amount DECIMAL(21,4) NOT NULL,
        reversed_amount DECIMAL(21,4) NOT NULL,
        refunded_amount DECIMAL(21,4) NOT NULL,
        charged_back_amount DECIMAL(21,4) NOT NULL
        -- end
    ) ENGINE = Aria TRANSACTIONAL = 0;
    DROP TEMPORARY TABLE IF EXISTS delta_metric_hour;
    CREATE TEMPORARY TABLE delta_metric_hour (
        dimension VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        metric_hour DATETIME NOT NULL,
        member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
        -- each measure: {name} {delta} NOT NULL
        total_count BIGINT NOT NULL,
        created_count BIGINT NOT NULL,
        pending_count BIGINT NOT NULL,
        authorized_count BIGINT NOT NULL,
        completed_count BIGINT NOT NULL,
        failed_count BIGINT NOT NULL,
        denied_count BIGINT NOT NULL,
        cancelled_count BIGINT NOT NULL,
        reversed_count BIGINT NOT NULL,
        refunded_count BIGINT NOT NULL,
        charged_back_count BIGINT NOT NULL,
        final_attempt_count BIGINT NOT NULL,
        final_captured_count BIGINT NOT NULL,
        unconverted_count BIGINT NOT NULL,
        answered_count BIGINT NOT NULL,
        duration_sum_ms BIGINT NOT NULL,
        total_amount DECIMAL(21,4) NOT NULL,
        pending_amount DECIMAL(21,4) NOT NULL,
        authorized_amount DECIMAL(21,4) NOT NULL,
        completed_amount DECIMAL(21,4) NOT NULL,
        failed_amount DECIMAL(21,4) NOT NULL,
        denied_amount DECIMAL(21,4) NOT NULL,
        reversed_amount DECIMAL(21,4) NOT NULL,
        refunded_amount DECIMAL(21,4) NOT NULL,
        charged_back_amount DECIMAL(21,4) NOT NULL
        -- end
    ) ENGINE = Aria TRANSACTIONAL = 0;
    DROP TEMPORARY TABLE IF EXISTS delta_latency;
    CREATE TEMPORARY TABLE delta_latency (
        dimension VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        metric_hour DATETIME NOT NULL,
        member VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
        latency_bin SMALLINT NOT NULL,
        answered_count BIGINT NOT NULL,
        failed_count BIGINT NOT NULL
    ) ENGINE = Aria TRANSACTIONAL = 0;
    DROP TEMPORARY TABLE IF EXISTS delta_latency_minute;
    CREATE TEMPORARY TABLE delta_latency_minute (
        metric_minute DATETIME NOT NULL,
        latency_bin SMALLINT NOT NULL,
        answered_count BIGINT NOT NULL,
        failed_count BIGINT NOT NULL
    ) ENGINE = Aria TRANSACTIONAL = 0;
    DROP TEMPORARY TABLE IF EXISTS delta_amount_day;
    CREATE TEMPORARY TABLE delta_amount_day (
        metric_date DATE NOT NULL,
        amount_bin SMALLINT NOT NULL,
        completed_count BIGINT NOT NULL,
        completed_amount DECIMAL(21,4) NOT NULL
    ) ENGINE = Aria TRANSACTIONAL = 0;
    DROP TEMPORARY TABLE IF EXISTS delta_account_day;
    CREATE TEMPORARY TABLE delta_account_day (
        account_id BIGINT NOT NULL,
        activity_date DATE NOT NULL,
        -- each account measure: {name} {delta} NOT NULL
        total_count BIGINT NOT NULL,
        completed_count BIGINT NOT NULL,
        failed_count BIGINT NOT NULL,
        denied_count BIGINT NOT NULL,
        open_count BIGINT NOT NULL,
        total_amount DECIMAL(21,4) NOT NULL,
        completed_amount DECIMAL(21,4) NOT NULL,
        open_amount DECIMAL(21,4) NOT NULL,
        completed_amount_squares DECIMAL(40,8) NOT NULL
        -- end
    ) ENGINE = Aria TRANSACTIONAL = 0;
    DROP TEMPORARY TABLE IF EXISTS delta_settlement;
    CREATE TEMPORARY TABLE delta_settlement (
        rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        due_hour DATETIME NOT NULL,
        -- each settlement measure: {name} {delta} NOT NULL
        item_count BIGINT NOT NULL,
        settled_count BIGINT NOT NULL,
        on_time_count BIGINT NOT NULL,
        within_24h_count BIGINT NOT NULL,
        failed_count BIGINT NOT NULL,
        pending_count BIGINT NOT NULL,
        item_amount DECIMAL(21,4) NOT NULL,
        settled_amount DECIMAL(21,4) NOT NULL,
        on_time_amount DECIMAL(21,4) NOT NULL,
        failed_amount DECIMAL(21,4) NOT NULL,
        pending_amount DECIMAL(21,4) NOT NULL
        -- end
    ) ENGINE = Aria TRANSACTIONAL = 0;
    DROP TEMPORARY TABLE IF EXISTS delta_settlement_delay;
    CREATE TEMPORARY TABLE delta_settlement_delay (
        rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
        due_date DATE NOT NULL,
        delay_bin SMALLINT NOT NULL,
        settled_count BIGINT NOT NULL,
        settled_amount DECIMAL(21,4) NOT NULL,
        delay_sum_seconds BIGINT NOT NULL,
        delay_amount_seconds DECIMAL(38,4) NOT NULL
    ) ENGINE = Aria TRANSACTIONAL = 0;
    DROP TEMPORARY TABLE IF EXISTS delta_login;
    CREATE TEMPORARY TABLE delta_login (
        login_hour DATETIME NOT NULL,
        login_count BIGINT NOT NULL,
        failed_count BIGINT NOT NULL
    ) ENGINE = Aria TRANSACTIONAL = 0;
END$$

DELIMITER ;
