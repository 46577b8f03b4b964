-- kpi_payment_members: each payment with the member of every dimension under which the rollups
-- count it, so that figures can be joined with the payments behind them. Rollups write (none) where
-- a payment has NULL, which joins with nothing; here both sides say (none).
--
-- Grain: one row per payment, those in the archive too.
-- Time axis: transaction_time
-- Note: a condition on transaction_time reads a range of an index. Join, for example:
-- kpi_payment_minute AS m INNER JOIN kpi_payment_members AS p ON m.dimension = 'location' AND
-- m.member = p.location AND m.metric_minute = p.metric_minute
-- Columns:
--   transaction_id     payment attempt
--   transaction_time   when it was attempted (UTC)
--   metric_minute      minute under which it is counted (UTC)
--   metric_date        day under which it is counted (UTC)
--   status             state, as in payment_states
--   base_amount        amount in the base currency
--   transaction_type   type of payment
--   merchant_category  category of the merchant; (none) without one
--   location           city; (none) when unknown
--   device_type        device; (none) when unknown
--   channel            channel; (none) when unknown
--   product            product of the bank; (none) when unknown
--   acquirer           acquirer; (none) when none took part
--   card_scheme        card scheme; (none) for payments without a card
--   response_code      answer of the issuer; (none) before an answer
-- NULL: base_amount while no rate is known; nothing else.
CREATE OR REPLACE VIEW kpi_payment_members AS
SELECT
    t.transaction_id,
    t.transaction_time,
    t.transaction_time - INTERVAL SECOND(t.transaction_time) SECOND AS metric_minute,
    t.transaction_date AS metric_date,
    t.status,
    t.base_amount,
    -- each dimension but all: {member of t} AS {name}
    t.transaction_type AS transaction_type,
    COALESCE(t.merchant_category, '(none)') AS merchant_category,
    COALESCE(t.location, '(none)') AS location,
    COALESCE(t.device_type, '(none)') AS device_type,
    COALESCE(t.channel, '(none)') AS channel,
    COALESCE(t.product, '(none)') AS product,
    COALESCE(t.acquirer, '(none)') AS acquirer,
    COALESCE(t.card_scheme, '(none)') AS card_scheme,
    COALESCE(t.response_code, '(none)') AS response_code
    -- end
FROM transactions_all AS t;
