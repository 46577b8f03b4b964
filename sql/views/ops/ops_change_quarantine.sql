-- ops_change_quarantine: captured changes that the rollups could not hold and that were set aside.
--
-- Grain: one row per change.
-- Note: retry_quarantined_changes and discard_quarantined_changes act on them.
-- Columns:
--   quarantine_id     change that was set aside
--   change_log        log that it was taken from
--   change_sign       +1 for a version that appeared, -1 for a version that ended
--   quarantine_state  waiting, or discarded: known and left out of the rollups
--   reason            impossible_date, amount_above_bound or refused
--   error_number      error of the server
--   error_message     text of that error
--   event_at          time of the payment or login, due time of the settlement (UTC)
--   account_id        account of the payment
--   rail              rail of the settlement
--   state             state of the payment or settlement, outcome of the login
--   base_amount       amount, base currency
--   captured_at       when the change was captured (UTC)
--   quarantined_at    when it was set aside (UTC)
--   discarded_by      account that discarded it
--   discarded_at      when it was discarded (UTC)
-- NULL: error_number and error_message unless the reason is refused; account_id, rail and
-- base_amount where the row has none; discarded_by and discarded_at while it waits.
CREATE OR REPLACE VIEW ops_change_quarantine AS
SELECT
    q.quarantine_id,
    q.change_log,
    q.change_sign,
    q.quarantine_state,
    q.reason,
    q.error_number,
    q.error_message,
    COALESCE(q.transaction_time, q.due_at, q.login_time) AS event_at,
    q.account_id,
    q.rail,
    COALESCE(q.status, q.settlement_status, q.login_status) AS state,
    q.base_amount,
    q.captured_at,
    q.quarantined_at,
    q.discarded_by,
    q.discarded_at
FROM change_quarantine AS q;
