-- int_payment_minute: rollup rows of a minute with the sums over states that every payment
-- KPI is made of.
--
-- Grain: one row per dimension, minute and member.
-- Time axis: metric_minute
-- Columns:
--   dimension             dimension by which payments are counted, all for no split
--   metric_minute         minute of the attempt (UTC)
--   member                member of the dimension, (none) where the payment has none
--   total_count           payments
--   created_count         payments in state created
--   pending_count         payments in state pending
--   authorized_count      payments in state authorized
--   completed_count       payments in state completed
--   failed_count          payments in state failed
--   denied_count          payments in state denied
--   cancelled_count       payments in state cancelled
--   reversed_count        payments in state reversed
--   refunded_count        payments in state refunded
--   charged_back_count    payments in state charged_back
--   open_count            payments in a non-terminal state
--   confirmed_count       payments that the user confirmed: all but created
--   approved_count        payments that the issuer approved, whatever happened after
--   captured_count        payments whose money was taken, whatever happened after
--   attempt_count         approved + failed + denied: payments that the network answered
--   final_attempt_count   orders: final attempts
--   final_captured_count  orders whose final attempt was approved and captured
--   unconverted_count     payments without an amount in the base currency
--   answered_count        payments with an answer, hence a duration
--   duration_sum_ms       sum of durations of the answered payments, ms
--   total_amount          amount of all payments, base currency
--   pending_amount        amount of payments in states created and pending, base currency
--   authorized_amount     amount of payments in state authorized, base currency
--   completed_amount      amount of payments in state completed, base currency
--   failed_amount         amount of payments in state failed, base currency
--   denied_amount         amount of payments in state denied, base currency
--   reversed_amount       amount of payments in state reversed, base currency
--   refunded_amount       amount of payments in state refunded, base currency
--   charged_back_amount   amount of payments in state charged_back, base currency
--   open_amount           amount in non-terminal states, base currency
--   approved_amount       amount approved, base currency
--   captured_amount       amount captured, base currency
--   attempt_amount        amount of attempts, base currency
-- NULL: no column is NULL.
-- Written by scripts/catalogue from sql/catalogue/templates/int_payment.sql.in.
CREATE OR REPLACE VIEW int_payment_minute AS
SELECT
    m.dimension,
    m.metric_minute,
    m.member,
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
    m.created_count + m.pending_count + m.authorized_count
        AS open_count,
    m.total_count - m.created_count AS confirmed_count,
    m.authorized_count + m.completed_count + m.reversed_count + m.refunded_count
        + m.charged_back_count
        AS approved_count,
    m.completed_count + m.reversed_count + m.refunded_count + m.charged_back_count
        AS captured_count,
    m.authorized_count + m.completed_count + m.reversed_count + m.refunded_count
        + m.charged_back_count
        + m.failed_count
        + m.denied_count
        AS attempt_count,
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
    m.charged_back_amount,
    m.pending_amount + m.authorized_amount
        AS open_amount,
    m.authorized_amount + m.completed_amount + m.reversed_amount + m.refunded_amount
        + m.charged_back_amount
        AS approved_amount,
    m.completed_amount + m.reversed_amount + m.refunded_amount + m.charged_back_amount
        AS captured_amount,
    m.authorized_amount + m.completed_amount + m.reversed_amount + m.refunded_amount
        + m.charged_back_amount
        + m.failed_amount
        + m.denied_amount
        AS attempt_amount
FROM metric_minute AS m;
