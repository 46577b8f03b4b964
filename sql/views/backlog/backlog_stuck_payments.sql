-- backlog_stuck_payments: payments that are longer in a non-terminal state than the state allows.
--
-- Grain: one row per payment.
-- Time axis: transaction_time
-- Columns:
--   transaction_id       payment
--   account_id           account
--   customer_id          owner of the account
--   transaction_time     time of the attempt (UTC)
--   state                state of the payment
--   state_since          when it entered the state (UTC)
--   age_seconds          age since the attempt, seconds
--   state_age_seconds    age in the state, seconds
--   maximum_age_seconds  age in the state that is allowed, seconds
--   transaction_amount   amount in currency
--   currency             ISO 4217 code
--   base_amount          amount, base currency
--   transaction_type     type
--   channel              channel
--   acquirer             acquirer
-- NULL: base_amount: no rate is known. channel, acquirer: as in transactions.
CREATE OR REPLACE VIEW backlog_stuck_payments AS
SELECT
    s.transaction_id,
    s.account_id,
    a.customer_id,
    s.transaction_time,
    CAST(s.state AS CHAR(16) CHARACTER SET ascii) AS state,
    s.state_since,
    CAST(TIMESTAMPDIFF(SECOND, s.transaction_time, as_of()) AS SIGNED) AS age_seconds,
    CAST(TIMESTAMPDIFF(SECOND, s.state_since, as_of()) AS SIGNED) AS state_age_seconds,
    CAST(s.maximum_age_seconds AS SIGNED) AS maximum_age_seconds,
    s.transaction_amount,
    s.currency,
    s.base_amount,
    s.transaction_type,
    s.channel,
    s.acquirer
FROM int_stuck_payment AS s
INNER JOIN accounts AS a ON a.account_id = s.account_id;
