-- int_payment_event: each payment as a rollup of one, with the columns of int_payment_minute, so
-- that what the monitor counts can be counted of any set of payments.
--
-- Grain: one row per payment.
-- Time axis: transaction_time
-- Columns:
--   transaction_id        payment
--   transaction_time      when it was attempted (UTC)
--   customer_id           customer
--   latency_bin           histogram bin of its duration
--   transaction_type      member of the dimension, (none) where it has none
--   merchant_category     member of the dimension, (none) where it has none
--   location              member of the dimension, (none) where it has none
--   device_type           member of the dimension, (none) where it has none
--   channel               member of the dimension, (none) where it has none
--   product               member of the dimension, (none) where it has none
--   acquirer              member of the dimension, (none) where it has none
--   card_scheme           member of the dimension, (none) where it has none
--   response_code         member of the dimension, (none) where it has none
--   total_count           1
--   created_count         1 in state created
--   pending_count         1 in state pending
--   authorized_count      1 in state authorized
--   completed_count       1 in state completed
--   failed_count          1 in state failed
--   denied_count          1 in state denied
--   cancelled_count       1 in state cancelled
--   reversed_count        1 in state reversed
--   refunded_count        1 in state refunded
--   charged_back_count    1 in state charged_back
--   open_count            1 in a non-terminal state
--   confirmed_count       1 when the user confirmed it
--   approved_count        1 when the issuer approved it
--   captured_count        1 when its money was taken
--   attempt_count         1 when the network answered it
--   final_attempt_count   1 when it is the final attempt of its order
--   final_captured_count  1 when it is that and was captured
--   unconverted_count     1 when it has no amount in the base currency
--   answered_count        1 when it has a duration
--   duration_sum_ms       its duration, ms
--   total_amount          its amount, base currency
--   pending_amount        its amount where it counts so, else 0
--   authorized_amount     its amount where it counts so, else 0
--   completed_amount      its amount where it counts so, else 0
--   failed_amount         its amount where it counts so, else 0
--   denied_amount         its amount where it counts so, else 0
--   reversed_amount       its amount where it counts so, else 0
--   refunded_amount       its amount where it counts so, else 0
--   charged_back_amount   its amount where it counts so, else 0
--   open_amount           its amount where it counts so, else 0
--   approved_amount       its amount where it counts so, else 0
--   captured_amount       its amount where it counts so, else 0
--   attempt_amount        its amount where it counts so, else 0
-- NULL: latency_bin without a duration.
CREATE OR REPLACE VIEW int_payment_event AS
SELECT
    t.transaction_id,
    t.transaction_time,
    a.customer_id,
    t.latency_bin,
    -- each dimension but all: {member of t} AS {name},
    t.transaction_type AS transaction_type,
    COALESCE(t.merchant_category, '(none)') AS merchant_category,
    COALESCE(t.location, '(none)') AS location,
    COALESCE(t.device_type, '(none)') AS device_type,
    COALESCE(t.channel, '(none)') AS channel,
    COALESCE(t.product, '(none)') AS product,
    COALESCE(t.acquirer, '(none)') AS acquirer,
    COALESCE(t.card_scheme, '(none)') AS card_scheme,
    COALESCE(t.response_code, '(none)') AS response_code,
    -- end
    1 AS total_count,
    -- each state: t.status = '{state}' AS {state}_count,
    t.status = 'created' AS created_count,
    t.status = 'pending' AS pending_count,
    t.status = 'authorized' AS authorized_count,
    t.status = 'completed' AS completed_count,
    t.status = 'failed' AS failed_count,
    t.status = 'denied' AS denied_count,
    t.status = 'cancelled' AS cancelled_count,
    t.status = 'reversed' AS reversed_count,
    t.status = 'refunded' AS refunded_count,
    t.status = 'charged_back' AS charged_back_count,
    -- end
    -- all open states: t.status IN (['{state}'])
    t.status IN ('created', 'pending', 'authorized')
    -- end
        AS open_count,
    t.status <> 'created' AS confirmed_count,
    -- all approved states: t.status IN (['{state}'])
    t.status IN ('authorized', 'completed', 'reversed', 'refunded', 'charged_back')
    -- end
        AS approved_count,
    -- all captured states: t.status IN (['{state}'])
    t.status IN ('completed', 'reversed', 'refunded', 'charged_back')
    -- end
        AS captured_count,
    -- all unattempted states: t.status NOT IN (['{state}'])
    t.status NOT IN ('created', 'pending', 'cancelled')
    -- end
        AS attempt_count,
    t.is_final_attempt AS final_attempt_count,
    t.is_final_attempt = 1
        -- all captured states: AND t.status IN (['{state}'])
        AND t.status IN ('completed', 'reversed', 'refunded', 'charged_back')
        -- end
        AS final_captured_count,
    t.base_amount IS NULL AS unconverted_count,
    t.latency_bin IS NOT NULL AS answered_count,
    COALESCE(t.duration_ms, 0) AS duration_sum_ms,
    COALESCE(t.base_amount, 0) AS total_amount,
    -- each state amount: IF({status of t}, COALESCE(t.base_amount, 0), 0.0000) AS {name},
    IF(t.status IN ('created', 'pending'), COALESCE(t.base_amount, 0), 0.0000) AS pending_amount,
    IF(t.status = 'authorized', COALESCE(t.base_amount, 0), 0.0000) AS authorized_amount,
    IF(t.status = 'completed', COALESCE(t.base_amount, 0), 0.0000) AS completed_amount,
    IF(t.status = 'failed', COALESCE(t.base_amount, 0), 0.0000) AS failed_amount,
    IF(t.status = 'denied', COALESCE(t.base_amount, 0), 0.0000) AS denied_amount,
    IF(t.status = 'reversed', COALESCE(t.base_amount, 0), 0.0000) AS reversed_amount,
    IF(t.status = 'refunded', COALESCE(t.base_amount, 0), 0.0000) AS refunded_amount,
    IF(t.status = 'charged_back', COALESCE(t.base_amount, 0), 0.0000) AS charged_back_amount,
    -- end
    IF(
        -- all open states: t.status IN (['{state}']),
        t.status IN ('created', 'pending', 'authorized'),
        -- end
        COALESCE(t.base_amount, 0),
        0.0000
    ) AS open_amount,
    IF(
        -- all approved states: t.status IN (['{state}']),
        t.status IN ('authorized', 'completed', 'reversed', 'refunded', 'charged_back'),
        -- end
        COALESCE(t.base_amount, 0),
        0.0000
    ) AS approved_amount,
    IF(
        -- all captured states: t.status IN (['{state}']),
        t.status IN ('completed', 'reversed', 'refunded', 'charged_back'),
        -- end
        COALESCE(t.base_amount, 0),
        0.0000
    ) AS captured_amount,
    IF(
        -- all unattempted states: t.status NOT IN (['{state}']),
        t.status NOT IN ('created', 'pending', 'cancelled'),
        -- end
        COALESCE(t.base_amount, 0),
        0.0000
    ) AS attempt_amount
FROM transactions AS t
INNER JOIN accounts AS a ON a.account_id = t.account_id;
