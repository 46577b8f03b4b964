-- int_stuck_payment: open payments that are longer in their state than payment_states allows,
-- reads only those that are old enough.
--
-- Grain: one row per payment.
-- Time axis: transaction_time
-- Columns:
--   transaction_id       payment
--   account_id           account
--   transaction_time     time of the attempt (UTC)
--   state                state of the payment
--   state_since          when it entered the state (UTC)
--   maximum_age_seconds  age in the state after which it is stuck, seconds
--   transaction_amount   amount in currency
--   currency             ISO 4217 code
--   base_amount          amount, base currency
--   transaction_type     type
--   channel              channel
--   acquirer             acquirer
-- NULL: as in transactions.
CREATE OR REPLACE VIEW int_stuck_payment AS
SELECT
    t.transaction_id,
    t.account_id,
    t.transaction_time,
    'created' AS state,
    COALESCE(t.status_changed_at, t.transaction_time) AS state_since,
    p.maximum_age_seconds,
    t.transaction_amount,
    t.currency,
    t.base_amount,
    t.transaction_type,
    t.channel,
    t.acquirer
FROM transactions AS t
INNER JOIN payment_states AS p ON p.state = 'created'
WHERE t.status = 'created'
    AND t.transaction_time <= as_of() - INTERVAL (
        SELECT q.maximum_age_seconds FROM payment_states AS q WHERE q.state = 'created'
    ) SECOND
    AND COALESCE(t.status_changed_at, t.transaction_time)
        <= as_of() - INTERVAL p.maximum_age_seconds SECOND
UNION ALL
SELECT
    t.transaction_id,
    t.account_id,
    t.transaction_time,
    'pending' AS state,
    COALESCE(t.status_changed_at, t.transaction_time) AS state_since,
    p.maximum_age_seconds,
    t.transaction_amount,
    t.currency,
    t.base_amount,
    t.transaction_type,
    t.channel,
    t.acquirer
FROM transactions AS t
INNER JOIN payment_states AS p ON p.state = 'pending'
WHERE t.status = 'pending'
    AND t.transaction_time <= as_of() - INTERVAL (
        SELECT q.maximum_age_seconds FROM payment_states AS q WHERE q.state = 'pending'
    ) SECOND
    AND COALESCE(t.status_changed_at, t.transaction_time)
        <= as_of() - INTERVAL p.maximum_age_seconds SECOND
UNION ALL
SELECT
    t.transaction_id,
    t.account_id,
    t.transaction_time,
    'authorized' AS state,
    COALESCE(t.status_changed_at, t.transaction_time) AS state_since,
    p.maximum_age_seconds,
    t.transaction_amount,
    t.currency,
    t.base_amount,
    t.transaction_type,
    t.channel,
    t.acquirer
FROM transactions AS t
INNER JOIN payment_states AS p ON p.state = 'authorized'
WHERE t.status = 'authorized'
    AND t.transaction_time <= as_of() - INTERVAL (
        SELECT q.maximum_age_seconds FROM payment_states AS q WHERE q.state = 'authorized'
    ) SECOND
    AND COALESCE(t.status_changed_at, t.transaction_time)
        <= as_of() - INTERVAL p.maximum_age_seconds SECOND;
