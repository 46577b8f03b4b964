DELIMITER $$

CREATE OR REPLACE PROCEDURE apply_payment_deltas(
    IN in_detail_from DATE
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Adds delta_metric to metric_minute, metric_hour and metric_day, and delta_amount_day to
amount_day.
Parameters:
    in_detail_from: first day whose minutes are kept for every dimension
Helper: joins the transaction of the caller'
BEGIN
    -- Aria does not undo a statement, so the strict mode of transactional tables alone would cut a
    -- value that does not fit, with a warning, from the second row on. Ends with the routine.
    SET SESSION sql_mode = 'STRICT_ALL_TABLES';
    INSERT INTO metric_minute (
        dimension,
        metric_minute,
        member,
        -- each measure: {name}
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
        -- end
    )
    SELECT
        d.dimension,
        d.metric_minute,
        d.member,
        -- each measure: d.{name}
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
        -- end
    FROM delta_metric AS d
    WHERE d.dimension = 'all' OR d.metric_minute >= in_detail_from
    ON DUPLICATE KEY UPDATE
        -- each measure: {name} = metric_minute.{name} + VALUES({name});
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
        -- end

    -- Once by hour for both coarser rollups: the minutes are many more. Counts are summed in
    -- floating point, which is exact for them and three times as fast as a decimal sum.
    INSERT INTO delta_metric_hour
    SELECT
        d.dimension,
        d.metric_minute - INTERVAL MINUTE(d.metric_minute) MINUTE AS metric_hour,
        d.member,
        -- each measure: SUM({exact of d})
        SUM(d.total_count + 0e0),
        SUM(d.created_count + 0e0),
        SUM(d.pending_count + 0e0),
        SUM(d.authorized_count + 0e0),
        SUM(d.completed_count + 0e0),
        SUM(d.failed_count + 0e0),
        SUM(d.denied_count + 0e0),
        SUM(d.cancelled_count + 0e0),
        SUM(d.reversed_count + 0e0),
        SUM(d.refunded_count + 0e0),
        SUM(d.charged_back_count + 0e0),
        SUM(d.final_attempt_count + 0e0),
        SUM(d.final_captured_count + 0e0),
        SUM(d.unconverted_count + 0e0),
        SUM(d.answered_count + 0e0),
        SUM(d.duration_sum_ms + 0e0),
        SUM(d.total_amount),
        SUM(d.pending_amount),
        SUM(d.authorized_amount),
        SUM(d.completed_amount),
        SUM(d.failed_amount),
        SUM(d.denied_amount),
        SUM(d.reversed_amount),
        SUM(d.refunded_amount),
        SUM(d.charged_back_amount)
        -- end
    FROM delta_metric AS d
    GROUP BY d.dimension, metric_hour, d.member;

    INSERT INTO metric_hour (
        dimension,
        metric_hour,
        member,
        -- each measure: {name}
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
        -- end
    )
    SELECT
        d.dimension,
        d.metric_hour,
        d.member,
        -- each measure: d.{name}
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
        -- end
    FROM delta_metric_hour AS d
    ON DUPLICATE KEY UPDATE
        -- each measure: {name} = metric_hour.{name} + VALUES({name});
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
        -- end

    INSERT INTO metric_day (
        dimension,
        metric_date,
        member,
        -- each measure: {name}
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
        -- end
    )
    SELECT
        d.dimension,
        DATE(d.metric_hour) AS metric_date,
        d.member,
        -- each measure: SUM({exact of d})
        SUM(d.total_count + 0e0),
        SUM(d.created_count + 0e0),
        SUM(d.pending_count + 0e0),
        SUM(d.authorized_count + 0e0),
        SUM(d.completed_count + 0e0),
        SUM(d.failed_count + 0e0),
        SUM(d.denied_count + 0e0),
        SUM(d.cancelled_count + 0e0),
        SUM(d.reversed_count + 0e0),
        SUM(d.refunded_count + 0e0),
        SUM(d.charged_back_count + 0e0),
        SUM(d.final_attempt_count + 0e0),
        SUM(d.final_captured_count + 0e0),
        SUM(d.unconverted_count + 0e0),
        SUM(d.answered_count + 0e0),
        SUM(d.duration_sum_ms + 0e0),
        SUM(d.total_amount),
        SUM(d.pending_amount),
        SUM(d.authorized_amount),
        SUM(d.completed_amount),
        SUM(d.failed_amount),
        SUM(d.denied_amount),
        SUM(d.reversed_amount),
        SUM(d.refunded_amount),
        SUM(d.charged_back_amount)
        -- end
    FROM delta_metric_hour AS d
    GROUP BY d.dimension, metric_date, d.member
    ON DUPLICATE KEY UPDATE
        -- each measure: {name} = metric_day.{name} + VALUES({name});
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
        -- end

    INSERT INTO amount_day (
        metric_date,
        amount_bin,
        completed_count,
        completed_amount
    )
    SELECT
        d.metric_date,
        d.amount_bin,
        d.completed_count,
        d.completed_amount
    FROM delta_amount_day AS d
    ON DUPLICATE KEY UPDATE
        completed_count = amount_day.completed_count + VALUES(completed_count),
        completed_amount = amount_day.completed_amount + VALUES(completed_amount);
END$$

DELIMITER ;
