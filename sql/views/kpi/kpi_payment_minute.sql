-- kpi_payment_minute: payment KPIs by minute for one dimension at a time, by count and by value.
--
-- Grain: one row per dimension, minute and member.
-- Time axis: metric_minute, event time of the attempt. Filter it together with dimension.
-- Note: payments are counted in their current state, so late state changes move past periods. Of
-- dimensions other than all only the detail window is kept (setting detail_days, first day in
-- rollup_state.detail_from_date).
-- Columns:
--   dimension                        dimension by which payments are counted, all for no split
--   metric_minute                    minute of the attempt (UTC)
--   member                           member of the dimension, (none) where the payment has none
--   total_count                      payments
--   created_count                    payments in state created
--   pending_count                    payments in state pending
--   authorized_count                 payments in state authorized
--   completed_count                  payments in state completed
--   failed_count                     payments in state failed
--   denied_count                     payments in state denied
--   cancelled_count                  payments in state cancelled
--   reversed_count                   payments in state reversed
--   refunded_count                   payments in state refunded
--   charged_back_count               payments in state charged_back
--   open_count                       payments in a non-terminal state: created, pending, authorized
--   confirmed_count                  payments that the user confirmed: all but created
--   approved_count                   payments that the issuer approved, whatever happened after
--   captured_count                   payments whose money was taken, whatever happened after
--   attempt_count                    approved + failed + denied: payments that the network answered
--   final_attempt_count              orders: final attempts
--   final_captured_count             orders whose final attempt was approved and captured
--   unconverted_count                payments without an amount in the base currency
--   answered_count                   payments with an answer, hence a duration
--   total_amount                     amount of all payments, base currency
--   created_or_pending_amount        amount of payments in states created and pending, base
--                                    currency
--   authorized_amount                amount of payments in state authorized, base currency
--   completed_amount                 amount of payments in state completed, base currency
--   failed_amount                    amount of payments in state failed, base currency
--   denied_amount                    amount of payments in state denied, base currency
--   reversed_amount                  amount of payments in state reversed, base currency
--   refunded_amount                  amount of payments in state refunded, base currency
--   charged_back_amount              amount of payments in state charged_back, base currency
--   open_amount                      amount in non-terminal states, base currency
--   approved_amount                  amount approved, base currency
--   captured_amount                  amount captured, base currency
--   attempt_amount                   amount of attempts, base currency
--   success_rate                     completed_count / total_count
--   success_rate_by_value            completed_amount / total_amount
--   failed_rate                      failed_count / total_count
--   failed_rate_by_value             failed_amount / total_amount
--   denied_rate                      denied_count / total_count
--   denied_rate_by_value             denied_amount / total_amount
--   reversed_rate                    reversed_count / total_count
--   authorization_rate               approved_count / attempt_count
--   authorization_rate_by_value      approved_amount / attempt_amount
--   conversion_rate                  captured_count / confirmed_count
--   conversion_rate_of_created       captured_count / total_count, all that were created
--   conversion_rate_by_value         by value: captured_amount / total_amount
--   technical_decline_rate           failed_count / attempt_count
--   technical_decline_rate_by_value  by value: failed_amount / attempt_amount
--   business_decline_rate            denied_count / attempt_count
--   business_decline_rate_by_value   by value: denied_amount / attempt_amount
--   reversal_rate                    reversed_count / approved_count, in the cohort of the original
--                                    payment
--   reversal_rate_by_value           by value: reversed_amount / approved_amount
--   mean_duration_ms                 mean time from request to answer, ms
--   mean_amount                      mean amount of the payments, base currency
-- NULL: a rate or mean is NULL where its denominator is 0.
-- Written by scripts/catalogue from sql/catalogue/templates/kpi_payment.sql.in.
CREATE OR REPLACE VIEW kpi_payment_minute AS
SELECT
    p.dimension,
    p.metric_minute,
    p.member,
    CAST(p.total_count AS SIGNED) AS total_count,
    CAST(p.created_count AS SIGNED) AS created_count,
    CAST(p.pending_count AS SIGNED) AS pending_count,
    CAST(p.authorized_count AS SIGNED) AS authorized_count,
    CAST(p.completed_count AS SIGNED) AS completed_count,
    CAST(p.failed_count AS SIGNED) AS failed_count,
    CAST(p.denied_count AS SIGNED) AS denied_count,
    CAST(p.cancelled_count AS SIGNED) AS cancelled_count,
    CAST(p.reversed_count AS SIGNED) AS reversed_count,
    CAST(p.refunded_count AS SIGNED) AS refunded_count,
    CAST(p.charged_back_count AS SIGNED) AS charged_back_count,
    CAST(p.open_count AS SIGNED) AS open_count,
    CAST(p.confirmed_count AS SIGNED) AS confirmed_count,
    CAST(p.approved_count AS SIGNED) AS approved_count,
    CAST(p.captured_count AS SIGNED) AS captured_count,
    CAST(p.attempt_count AS SIGNED) AS attempt_count,
    CAST(p.final_attempt_count AS SIGNED) AS final_attempt_count,
    CAST(p.final_captured_count AS SIGNED) AS final_captured_count,
    CAST(p.unconverted_count AS SIGNED) AS unconverted_count,
    CAST(p.answered_count AS SIGNED) AS answered_count,
    CAST(p.total_amount AS DECIMAL(19, 4)) AS total_amount,
    CAST(p.pending_amount AS DECIMAL(19, 4)) AS created_or_pending_amount,
    CAST(p.authorized_amount AS DECIMAL(19, 4)) AS authorized_amount,
    CAST(p.completed_amount AS DECIMAL(19, 4)) AS completed_amount,
    CAST(p.failed_amount AS DECIMAL(19, 4)) AS failed_amount,
    CAST(p.denied_amount AS DECIMAL(19, 4)) AS denied_amount,
    CAST(p.reversed_amount AS DECIMAL(19, 4)) AS reversed_amount,
    CAST(p.refunded_amount AS DECIMAL(19, 4)) AS refunded_amount,
    CAST(p.charged_back_amount AS DECIMAL(19, 4)) AS charged_back_amount,
    CAST(p.open_amount AS DECIMAL(19, 4)) AS open_amount,
    CAST(p.approved_amount AS DECIMAL(19, 4)) AS approved_amount,
    CAST(p.captured_amount AS DECIMAL(19, 4)) AS captured_amount,
    CAST(p.attempt_amount AS DECIMAL(19, 4)) AS attempt_amount,
    CAST(
        1.000000 * p.completed_count
        / NULLIF(p.total_count, 0)
    AS DECIMAL(9, 6)) AS success_rate,
    CAST(
        1.000000 * p.completed_amount
        / NULLIF(p.total_amount, 0)
    AS DECIMAL(9, 6)) AS success_rate_by_value,
    CAST(
        1.000000 * p.failed_count
        / NULLIF(p.total_count, 0)
    AS DECIMAL(9, 6)) AS failed_rate,
    CAST(
        1.000000 * p.failed_amount
        / NULLIF(p.total_amount, 0)
    AS DECIMAL(9, 6)) AS failed_rate_by_value,
    CAST(
        1.000000 * p.denied_count
        / NULLIF(p.total_count, 0)
    AS DECIMAL(9, 6)) AS denied_rate,
    CAST(
        1.000000 * p.denied_amount
        / NULLIF(p.total_amount, 0)
    AS DECIMAL(9, 6)) AS denied_rate_by_value,
    CAST(
        1.000000 * p.reversed_count
        / NULLIF(p.total_count, 0)
    AS DECIMAL(9, 6)) AS reversed_rate,
    CAST(
        1.000000 * p.approved_count
        / NULLIF(p.attempt_count, 0)
    AS DECIMAL(9, 6)) AS authorization_rate,
    CAST(
        1.000000 * p.approved_amount
        / NULLIF(p.attempt_amount, 0)
    AS DECIMAL(9, 6)) AS authorization_rate_by_value,
    CAST(
        1.000000 * p.captured_count
        / NULLIF(p.confirmed_count, 0)
    AS DECIMAL(9, 6)) AS conversion_rate,
    CAST(
        1.000000 * p.captured_count
        / NULLIF(p.total_count, 0)
    AS DECIMAL(9, 6)) AS conversion_rate_of_created,
    CAST(
        1.000000 * p.captured_amount
        / NULLIF(p.total_amount, 0)
    AS DECIMAL(9, 6)) AS conversion_rate_by_value,
    CAST(
        1.000000 * p.failed_count
        / NULLIF(p.attempt_count, 0)
    AS DECIMAL(9, 6)) AS technical_decline_rate,
    CAST(
        1.000000 * p.failed_amount
        / NULLIF(p.attempt_amount, 0)
    AS DECIMAL(9, 6)) AS technical_decline_rate_by_value,
    CAST(
        1.000000 * p.denied_count
        / NULLIF(p.attempt_count, 0)
    AS DECIMAL(9, 6)) AS business_decline_rate,
    CAST(
        1.000000 * p.denied_amount
        / NULLIF(p.attempt_amount, 0)
    AS DECIMAL(9, 6)) AS business_decline_rate_by_value,
    CAST(
        1.000000 * p.reversed_count
        / NULLIF(p.approved_count, 0)
    AS DECIMAL(9, 6)) AS reversal_rate,
    CAST(
        1.000000 * p.reversed_amount
        / NULLIF(p.approved_amount, 0)
    AS DECIMAL(9, 6)) AS reversal_rate_by_value,
    CAST(
        1.000000 * p.duration_sum_ms
        / NULLIF(p.answered_count, 0)
    AS DECIMAL(14, 3)) AS mean_duration_ms,
    CAST(
        1.000000 * p.total_amount
        / NULLIF(p.total_count - p.unconverted_count, 0)
    AS DECIMAL(19, 4)) AS mean_amount
FROM int_payment_minute AS p;
