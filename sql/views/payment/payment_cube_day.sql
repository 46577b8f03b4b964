-- payment_cube_day: payments by day and combination of state, type, merchant category, location,
-- channel, product, acquirer and card scheme, so that dimensions can be crossed.
--
-- Grain: one row per day and combination that occurs.
-- Time axis: metric_date
-- Note: the job refresh_payment_cube counts days anew whose rollups changed, today and yesterday
-- every hour. A dimension is (none) where the payment has none.
-- Columns:
--   metric_date        day (UTC)
--   status             state, as in payment_states
--   transaction_type   type
--   merchant_category  category of the merchant
--   location           location, (none) where the payment has none
--   channel            channel: card_present, ecommerce, mobile_app, branch ...
--   product            product of the bank
--   acquirer           acquirer or payment service provider
--   card_scheme        card scheme
--   payment_count      payments
--   payment_amount     their amount, base currency
--   unconverted_count  payments without an amount in the base currency
--   answered_count     payments with an answer, hence a duration
--   duration_sum_ms    sum of the times from request to answer, ms
--   mean_duration_ms   duration_sum_ms / answered_count, ms
-- NULL: mean_duration_ms when no payment was answered.
CREATE OR REPLACE VIEW payment_cube_day AS
SELECT
    c.metric_date,
    c.status,
    -- each cube dimension: c.{column},
    c.transaction_type,
    c.merchant_category,
    c.location,
    c.channel,
    c.product,
    c.acquirer,
    c.card_scheme,
    -- end
    CAST(c.payment_count AS SIGNED) AS payment_count,
    c.payment_amount,
    CAST(c.unconverted_count AS SIGNED) AS unconverted_count,
    CAST(c.answered_count AS SIGNED) AS answered_count,
    c.duration_sum_ms,
    CAST(
        1.000000 * c.duration_sum_ms
        / NULLIF(c.answered_count, 0)
    AS DECIMAL(18, 3)) AS mean_duration_ms
FROM payment_cube AS c;
