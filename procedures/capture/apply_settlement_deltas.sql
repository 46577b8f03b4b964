DELIMITER $$

CREATE OR REPLACE PROCEDURE apply_settlement_deltas()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Adds delta_settlement and delta_settlement_delay to settlement_hour, settlement_day and
settlement_delay_day.
Helper: joins the transaction of the caller'
BEGIN
    INSERT INTO settlement_hour (
        rail,
        due_hour,
        -- each settlement measure: {name}
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
        -- end
    )
    SELECT
        d.rail,
        d.due_hour,
        -- each settlement measure: d.{name}
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
        -- end
    FROM delta_settlement AS d
    ON DUPLICATE KEY UPDATE
        -- each settlement measure: {name} = settlement_hour.{name} + VALUES({name});
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
        -- end

    INSERT INTO settlement_day (
        rail,
        due_date,
        -- each settlement measure: {name}
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
        -- end
    )
    SELECT
        d.rail,
        DATE(d.due_hour) AS due_date,
        -- each settlement measure: SUM(d.{name})
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
        -- end
    FROM delta_settlement AS d
    GROUP BY d.rail, due_date
    ON DUPLICATE KEY UPDATE
        -- each settlement measure: {name} = settlement_day.{name} + VALUES({name});
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
        -- end

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
    ON DUPLICATE KEY UPDATE
        settled_count = settlement_delay_day.settled_count + VALUES(settled_count),
        settled_amount = settlement_delay_day.settled_amount + VALUES(settled_amount),
        delay_sum_seconds = settlement_delay_day.delay_sum_seconds + VALUES(delay_sum_seconds),
        delay_amount_seconds = settlement_delay_day.delay_amount_seconds + VALUES(delay_amount_seconds);
END$$

DELIMITER ;
