DELIMITER $$

CREATE OR REPLACE PROCEDURE drop_rollup_batches()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Drops the temporary tables batch_... and delta_... of this connection, and those with what
was taken and which days there are.
Helper: starts and ends no transaction'
BEGIN
    DROP TEMPORARY TABLE IF EXISTS
        batch_transactions,
        batch_settlements,
        batch_rails,
        batch_logins,
        delta_metric,
        delta_metric_hour,
        delta_latency,
        delta_latency_minute,
        delta_amount_day,
        delta_account_day,
        delta_settlement,
        delta_settlement_delay,
        delta_login,
        rollup_days,
        taken_changes,
        taken_ranges,
        opposite_changes,
        numbered_quarantine;
END$$

DELIMITER ;
