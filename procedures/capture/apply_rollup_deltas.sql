DELIMITER $$

CREATE OR REPLACE PROCEDURE apply_rollup_deltas()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Adds the delta_... tables of this connection to the rollups. The caller holds the row of rollup_state. Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_window_end DATE;

    -- A locking read sees the newest row: the snapshot of a bulk loader under REPEATABLE READ may
    -- be older than the last move of the window.
    SELECT s.window_end_date
    INTO v_window_end
    FROM rollup_state AS s
    WHERE s.state_id = 1
    FOR UPDATE;

    INSERT INTO metric_minute (
        dimension,
        metric_minute,
        member,
        total_count,
        created_count,
        pending_count,
        authorized_count,
        completed_count,
        failed_count,
        denied_count,
        cancelled_count,
        reversed_count,
        refunded_count,
        charged_back_count,
        final_attempt_count,
        final_captured_count,
        unconverted_count,
        answered_count,
        duration_sum_ms,
        total_amount,
        pending_amount,
        authorized_amount,
        completed_amount,
        failed_amount,
        denied_amount,
        reversed_amount,
        refunded_amount,
        charged_back_amount
    )
    SELECT
        d.dimension,
        d.metric_minute,
        d.member,
        d.total_count,
        d.created_count,
        d.pending_count,
        d.authorized_count,
        d.completed_count,
        d.failed_count,
        d.denied_count,
        d.cancelled_count,
        d.reversed_count,
        d.refunded_count,
        d.charged_back_count,
        d.final_attempt_count,
        d.final_captured_count,
        d.unconverted_count,
        d.answered_count,
        d.duration_sum_ms,
        d.total_amount,
        d.pending_amount,
        d.authorized_amount,
        d.completed_amount,
        d.failed_amount,
        d.denied_amount,
        d.reversed_amount,
        d.refunded_amount,
        d.charged_back_amount
    FROM delta_metric AS d
    ORDER BY d.dimension, d.metric_minute, d.member
    ON DUPLICATE KEY UPDATE
        total_count = metric_minute.total_count + VALUES(total_count),
        created_count = metric_minute.created_count + VALUES(created_count),
        pending_count = metric_minute.pending_count + VALUES(pending_count),
        authorized_count = metric_minute.authorized_count + VALUES(authorized_count),
        completed_count = metric_minute.completed_count + VALUES(completed_count),
        failed_count = metric_minute.failed_count + VALUES(failed_count),
        denied_count = metric_minute.denied_count + VALUES(denied_count),
        cancelled_count = metric_minute.cancelled_count + VALUES(cancelled_count),
        reversed_count = metric_minute.reversed_count + VALUES(reversed_count),
        refunded_count = metric_minute.refunded_count + VALUES(refunded_count),
        charged_back_count = metric_minute.charged_back_count + VALUES(charged_back_count),
        final_attempt_count = metric_minute.final_attempt_count + VALUES(final_attempt_count),
        final_captured_count = metric_minute.final_captured_count + VALUES(final_captured_count),
        unconverted_count = metric_minute.unconverted_count + VALUES(unconverted_count),
        answered_count = metric_minute.answered_count + VALUES(answered_count),
        duration_sum_ms = metric_minute.duration_sum_ms + VALUES(duration_sum_ms),
        total_amount = metric_minute.total_amount + VALUES(total_amount),
        pending_amount = metric_minute.pending_amount + VALUES(pending_amount),
        authorized_amount = metric_minute.authorized_amount + VALUES(authorized_amount),
        completed_amount = metric_minute.completed_amount + VALUES(completed_amount),
        failed_amount = metric_minute.failed_amount + VALUES(failed_amount),
        denied_amount = metric_minute.denied_amount + VALUES(denied_amount),
        reversed_amount = metric_minute.reversed_amount + VALUES(reversed_amount),
        refunded_amount = metric_minute.refunded_amount + VALUES(refunded_amount),
        charged_back_amount = metric_minute.charged_back_amount + VALUES(charged_back_amount);

    INSERT INTO metric_hour (
        dimension,
        metric_hour,
        member,
        total_count,
        created_count,
        pending_count,
        authorized_count,
        completed_count,
        failed_count,
        denied_count,
        cancelled_count,
        reversed_count,
        refunded_count,
        charged_back_count,
        final_attempt_count,
        final_captured_count,
        unconverted_count,
        answered_count,
        duration_sum_ms,
        total_amount,
        pending_amount,
        authorized_amount,
        completed_amount,
        failed_amount,
        denied_amount,
        reversed_amount,
        refunded_amount,
        charged_back_amount
    )
    SELECT
        d.dimension,
        d.metric_minute - INTERVAL MINUTE(d.metric_minute) MINUTE AS metric_hour,
        d.member,
        SUM(d.total_count),
        SUM(d.created_count),
        SUM(d.pending_count),
        SUM(d.authorized_count),
        SUM(d.completed_count),
        SUM(d.failed_count),
        SUM(d.denied_count),
        SUM(d.cancelled_count),
        SUM(d.reversed_count),
        SUM(d.refunded_count),
        SUM(d.charged_back_count),
        SUM(d.final_attempt_count),
        SUM(d.final_captured_count),
        SUM(d.unconverted_count),
        SUM(d.answered_count),
        SUM(d.duration_sum_ms),
        SUM(d.total_amount),
        SUM(d.pending_amount),
        SUM(d.authorized_amount),
        SUM(d.completed_amount),
        SUM(d.failed_amount),
        SUM(d.denied_amount),
        SUM(d.reversed_amount),
        SUM(d.refunded_amount),
        SUM(d.charged_back_amount)
    FROM delta_metric AS d
    GROUP BY d.dimension, metric_hour, d.member
    ON DUPLICATE KEY UPDATE
        total_count = metric_hour.total_count + VALUES(total_count),
        created_count = metric_hour.created_count + VALUES(created_count),
        pending_count = metric_hour.pending_count + VALUES(pending_count),
        authorized_count = metric_hour.authorized_count + VALUES(authorized_count),
        completed_count = metric_hour.completed_count + VALUES(completed_count),
        failed_count = metric_hour.failed_count + VALUES(failed_count),
        denied_count = metric_hour.denied_count + VALUES(denied_count),
        cancelled_count = metric_hour.cancelled_count + VALUES(cancelled_count),
        reversed_count = metric_hour.reversed_count + VALUES(reversed_count),
        refunded_count = metric_hour.refunded_count + VALUES(refunded_count),
        charged_back_count = metric_hour.charged_back_count + VALUES(charged_back_count),
        final_attempt_count = metric_hour.final_attempt_count + VALUES(final_attempt_count),
        final_captured_count = metric_hour.final_captured_count + VALUES(final_captured_count),
        unconverted_count = metric_hour.unconverted_count + VALUES(unconverted_count),
        answered_count = metric_hour.answered_count + VALUES(answered_count),
        duration_sum_ms = metric_hour.duration_sum_ms + VALUES(duration_sum_ms),
        total_amount = metric_hour.total_amount + VALUES(total_amount),
        pending_amount = metric_hour.pending_amount + VALUES(pending_amount),
        authorized_amount = metric_hour.authorized_amount + VALUES(authorized_amount),
        completed_amount = metric_hour.completed_amount + VALUES(completed_amount),
        failed_amount = metric_hour.failed_amount + VALUES(failed_amount),
        denied_amount = metric_hour.denied_amount + VALUES(denied_amount),
        reversed_amount = metric_hour.reversed_amount + VALUES(reversed_amount),
        refunded_amount = metric_hour.refunded_amount + VALUES(refunded_amount),
        charged_back_amount = metric_hour.charged_back_amount + VALUES(charged_back_amount);

    INSERT INTO metric_day (
        dimension,
        metric_date,
        member,
        total_count,
        created_count,
        pending_count,
        authorized_count,
        completed_count,
        failed_count,
        denied_count,
        cancelled_count,
        reversed_count,
        refunded_count,
        charged_back_count,
        final_attempt_count,
        final_captured_count,
        unconverted_count,
        answered_count,
        duration_sum_ms,
        total_amount,
        pending_amount,
        authorized_amount,
        completed_amount,
        failed_amount,
        denied_amount,
        reversed_amount,
        refunded_amount,
        charged_back_amount
    )
    SELECT
        d.dimension,
        DATE(d.metric_minute) AS metric_date,
        d.member,
        SUM(d.total_count),
        SUM(d.created_count),
        SUM(d.pending_count),
        SUM(d.authorized_count),
        SUM(d.completed_count),
        SUM(d.failed_count),
        SUM(d.denied_count),
        SUM(d.cancelled_count),
        SUM(d.reversed_count),
        SUM(d.refunded_count),
        SUM(d.charged_back_count),
        SUM(d.final_attempt_count),
        SUM(d.final_captured_count),
        SUM(d.unconverted_count),
        SUM(d.answered_count),
        SUM(d.duration_sum_ms),
        SUM(d.total_amount),
        SUM(d.pending_amount),
        SUM(d.authorized_amount),
        SUM(d.completed_amount),
        SUM(d.failed_amount),
        SUM(d.denied_amount),
        SUM(d.reversed_amount),
        SUM(d.refunded_amount),
        SUM(d.charged_back_amount)
    FROM delta_metric AS d
    GROUP BY d.dimension, metric_date, d.member
    ON DUPLICATE KEY UPDATE
        total_count = metric_day.total_count + VALUES(total_count),
        created_count = metric_day.created_count + VALUES(created_count),
        pending_count = metric_day.pending_count + VALUES(pending_count),
        authorized_count = metric_day.authorized_count + VALUES(authorized_count),
        completed_count = metric_day.completed_count + VALUES(completed_count),
        failed_count = metric_day.failed_count + VALUES(failed_count),
        denied_count = metric_day.denied_count + VALUES(denied_count),
        cancelled_count = metric_day.cancelled_count + VALUES(cancelled_count),
        reversed_count = metric_day.reversed_count + VALUES(reversed_count),
        refunded_count = metric_day.refunded_count + VALUES(refunded_count),
        charged_back_count = metric_day.charged_back_count + VALUES(charged_back_count),
        final_attempt_count = metric_day.final_attempt_count + VALUES(final_attempt_count),
        final_captured_count = metric_day.final_captured_count + VALUES(final_captured_count),
        unconverted_count = metric_day.unconverted_count + VALUES(unconverted_count),
        answered_count = metric_day.answered_count + VALUES(answered_count),
        duration_sum_ms = metric_day.duration_sum_ms + VALUES(duration_sum_ms),
        total_amount = metric_day.total_amount + VALUES(total_amount),
        pending_amount = metric_day.pending_amount + VALUES(pending_amount),
        authorized_amount = metric_day.authorized_amount + VALUES(authorized_amount),
        completed_amount = metric_day.completed_amount + VALUES(completed_amount),
        failed_amount = metric_day.failed_amount + VALUES(failed_amount),
        denied_amount = metric_day.denied_amount + VALUES(denied_amount),
        reversed_amount = metric_day.reversed_amount + VALUES(reversed_amount),
        refunded_amount = metric_day.refunded_amount + VALUES(refunded_amount),
        charged_back_amount = metric_day.charged_back_amount + VALUES(charged_back_amount);

    INSERT INTO latency_minute (
        dimension,
        metric_minute,
        member,
        latency_bin,
        answered_count,
        failed_count
    )
    SELECT
        'all',
        d.metric_minute,
        'all',
        d.latency_bin,
        d.answered_count,
        d.failed_count
    FROM delta_latency_minute AS d
    ORDER BY d.metric_minute, d.latency_bin
    ON DUPLICATE KEY UPDATE
        answered_count = latency_minute.answered_count + VALUES(answered_count),
        failed_count = latency_minute.failed_count + VALUES(failed_count);

    INSERT INTO latency_hour (
        dimension,
        metric_hour,
        member,
        latency_bin,
        answered_count,
        failed_count
    )
    SELECT
        d.dimension,
        d.metric_hour,
        d.member,
        d.latency_bin,
        d.answered_count,
        d.failed_count
    FROM delta_latency AS d
    ORDER BY d.dimension, d.metric_hour, d.member, d.latency_bin
    ON DUPLICATE KEY UPDATE
        answered_count = latency_hour.answered_count + VALUES(answered_count),
        failed_count = latency_hour.failed_count + VALUES(failed_count);

    INSERT INTO latency_day (
        dimension,
        metric_date,
        member,
        latency_bin,
        answered_count,
        failed_count
    )
    SELECT
        d.dimension,
        DATE(d.metric_hour) AS metric_date,
        d.member,
        d.latency_bin,
        SUM(d.answered_count),
        SUM(d.failed_count)
    FROM delta_latency AS d
    GROUP BY d.dimension, metric_date, d.member, d.latency_bin
    ON DUPLICATE KEY UPDATE
        answered_count = latency_day.answered_count + VALUES(answered_count),
        failed_count = latency_day.failed_count + VALUES(failed_count);

    INSERT INTO account_day (
        account_id,
        activity_date,
        total_count,
        completed_count,
        failed_count,
        denied_count,
        open_count,
        total_amount,
        completed_amount,
        open_amount,
        completed_amount_squares
    )
    SELECT
        d.account_id,
        d.activity_date,
        d.total_count,
        d.completed_count,
        d.failed_count,
        d.denied_count,
        d.open_count,
        d.total_amount,
        d.completed_amount,
        d.open_amount,
        d.completed_amount_squares
    FROM delta_account_day AS d
    ORDER BY d.activity_date, d.account_id
    ON DUPLICATE KEY UPDATE
        total_count = account_day.total_count + VALUES(total_count),
        completed_count = account_day.completed_count + VALUES(completed_count),
        failed_count = account_day.failed_count + VALUES(failed_count),
        denied_count = account_day.denied_count + VALUES(denied_count),
        open_count = account_day.open_count + VALUES(open_count),
        total_amount = account_day.total_amount + VALUES(total_amount),
        completed_amount = account_day.completed_amount + VALUES(completed_amount),
        open_amount = account_day.open_amount + VALUES(open_amount),
        completed_amount_squares = account_day.completed_amount_squares + VALUES(completed_amount_squares);

    INSERT INTO account_window (
        account_id,
        total_count,
        completed_count,
        failed_count,
        denied_count,
        open_count,
        total_amount,
        completed_amount,
        open_amount,
        completed_amount_squares
    )
    SELECT
        d.account_id,
        SUM(d.total_count),
        SUM(d.completed_count),
        SUM(d.failed_count),
        SUM(d.denied_count),
        SUM(d.open_count),
        SUM(d.total_amount),
        SUM(d.completed_amount),
        SUM(d.open_amount),
        SUM(d.completed_amount_squares)
    FROM delta_account_day AS d
    WHERE d.activity_date BETWEEN v_window_end - INTERVAL 29 DAY AND v_window_end
    GROUP BY d.account_id
    ON DUPLICATE KEY UPDATE
        total_count = account_window.total_count + VALUES(total_count),
        completed_count = account_window.completed_count + VALUES(completed_count),
        failed_count = account_window.failed_count + VALUES(failed_count),
        denied_count = account_window.denied_count + VALUES(denied_count),
        open_count = account_window.open_count + VALUES(open_count),
        total_amount = account_window.total_amount + VALUES(total_amount),
        completed_amount = account_window.completed_amount + VALUES(completed_amount),
        open_amount = account_window.open_amount + VALUES(open_amount),
        completed_amount_squares = account_window.completed_amount_squares + VALUES(completed_amount_squares);

    INSERT INTO settlement_hour (
        rail,
        due_hour,
        item_count,
        settled_count,
        on_time_count,
        within_24h_count,
        failed_count,
        pending_count,
        item_amount,
        settled_amount,
        on_time_amount,
        failed_amount,
        pending_amount
    )
    SELECT
        d.rail,
        d.due_hour,
        d.item_count,
        d.settled_count,
        d.on_time_count,
        d.within_24h_count,
        d.failed_count,
        d.pending_count,
        d.item_amount,
        d.settled_amount,
        d.on_time_amount,
        d.failed_amount,
        d.pending_amount
    FROM delta_settlement AS d
    ORDER BY d.rail, d.due_hour
    ON DUPLICATE KEY UPDATE
        item_count = settlement_hour.item_count + VALUES(item_count),
        settled_count = settlement_hour.settled_count + VALUES(settled_count),
        on_time_count = settlement_hour.on_time_count + VALUES(on_time_count),
        within_24h_count = settlement_hour.within_24h_count + VALUES(within_24h_count),
        failed_count = settlement_hour.failed_count + VALUES(failed_count),
        pending_count = settlement_hour.pending_count + VALUES(pending_count),
        item_amount = settlement_hour.item_amount + VALUES(item_amount),
        settled_amount = settlement_hour.settled_amount + VALUES(settled_amount),
        on_time_amount = settlement_hour.on_time_amount + VALUES(on_time_amount),
        failed_amount = settlement_hour.failed_amount + VALUES(failed_amount),
        pending_amount = settlement_hour.pending_amount + VALUES(pending_amount);

    INSERT INTO settlement_day (
        rail,
        due_date,
        item_count,
        settled_count,
        on_time_count,
        within_24h_count,
        failed_count,
        pending_count,
        item_amount,
        settled_amount,
        on_time_amount,
        failed_amount,
        pending_amount
    )
    SELECT
        d.rail,
        DATE(d.due_hour) AS due_date,
        SUM(d.item_count),
        SUM(d.settled_count),
        SUM(d.on_time_count),
        SUM(d.within_24h_count),
        SUM(d.failed_count),
        SUM(d.pending_count),
        SUM(d.item_amount),
        SUM(d.settled_amount),
        SUM(d.on_time_amount),
        SUM(d.failed_amount),
        SUM(d.pending_amount)
    FROM delta_settlement AS d
    GROUP BY d.rail, due_date
    ON DUPLICATE KEY UPDATE
        item_count = settlement_day.item_count + VALUES(item_count),
        settled_count = settlement_day.settled_count + VALUES(settled_count),
        on_time_count = settlement_day.on_time_count + VALUES(on_time_count),
        within_24h_count = settlement_day.within_24h_count + VALUES(within_24h_count),
        failed_count = settlement_day.failed_count + VALUES(failed_count),
        pending_count = settlement_day.pending_count + VALUES(pending_count),
        item_amount = settlement_day.item_amount + VALUES(item_amount),
        settled_amount = settlement_day.settled_amount + VALUES(settled_amount),
        on_time_amount = settlement_day.on_time_amount + VALUES(on_time_amount),
        failed_amount = settlement_day.failed_amount + VALUES(failed_amount),
        pending_amount = settlement_day.pending_amount + VALUES(pending_amount);

    INSERT INTO settlement_delay_day (
        rail,
        due_date,
        delay_bin,
        settled_count,
        settled_amount,
        delay_sum_seconds,
        delay_amount_seconds
    )
    SELECT
        d.rail,
        d.due_date,
        d.delay_bin,
        d.settled_count,
        d.settled_amount,
        d.delay_sum_seconds,
        d.delay_amount_seconds
    FROM delta_settlement_delay AS d
    ORDER BY d.rail, d.due_date, d.delay_bin
    ON DUPLICATE KEY UPDATE
        settled_count = settlement_delay_day.settled_count + VALUES(settled_count),
        settled_amount = settlement_delay_day.settled_amount + VALUES(settled_amount),
        delay_sum_seconds = settlement_delay_day.delay_sum_seconds + VALUES(delay_sum_seconds),
        delay_amount_seconds = settlement_delay_day.delay_amount_seconds + VALUES(delay_amount_seconds);

    INSERT INTO login_hour (
        login_hour,
        login_count,
        failed_count
    )
    SELECT
        d.login_hour,
        d.login_count,
        d.failed_count
    FROM delta_login AS d
    ORDER BY d.login_hour
    ON DUPLICATE KEY UPDATE
        login_count = login_hour.login_count + VALUES(login_count),
        failed_count = login_hour.failed_count + VALUES(failed_count);
END$$

DELIMITER ;
