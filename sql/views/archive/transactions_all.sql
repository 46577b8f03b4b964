-- transactions_all: every payment, those in the archive too. For evidence and questions about
-- single payments: figures come from the rollups, which archiving does not change.
--
-- Grain: one row per payment.
-- Time axis: transaction_time
-- Note: a condition on transaction_id, transaction_time, or account_id and transaction_date reads a
-- range of an index on both sides.
-- Columns:
--   transaction_id           payment attempt
--   account_id               account of our customer
--   transaction_time         when the payment was attempted (UTC)
--   transaction_date         day of transaction_time (UTC)
--   transaction_amount       amount in currency, never negative
--   currency                 ISO 4217 code of the amount
--   base_amount              amount in the base currency at the dated rate
--   transaction_type         type of payment, as in transaction_types
--   merchant_category        category of the merchant
--   location                 city where the payment was made
--   device_type              mobile, web, pos, atm, branch ...
--   channel                  channel: card_present, ecommerce, mobile_app, branch ...
--   product                  product of the bank
--   acquirer                 acquirer or payment service provider
--   card_scheme              card scheme
--   status                   state, as in payment_states
--   response_code            answer of the issuer or switch, as in response_codes
--   counterparty_account_id  account of the other party when it is one of ours
--   counterparty_iban        IBAN of the other party (personal data)
--   counterparty_country     country of that IBAN, ISO 3166 alpha-2
--   counterparty_handle      UPI address of the other party (personal data)
--   title                    remittance text (personal data)
--   balance_after            balance of the account after the payment
--   requested_at             when the request left for the network (UTC)
--   responded_at             when the answer came, or the time-out (UTC)
--   duration_ms              time from request to answer, ms
--   latency_bin              logarithmic histogram bin of duration_ms, relative error 5 percent
--   order_reference          order that the attempt belongs to
--   is_final_attempt         0 when a later attempt of the same order replaced this one
--   idempotency_key          key under which the client sent the request
--   source_status            status as the source wrote it
--   status_changed_at        when the payment entered its state (UTC)
--   ingested_at              when the row arrived in this database (UTC)
-- NULL: where the table transactions has NULL.
CREATE OR REPLACE VIEW transactions_all AS
SELECT
    -- each column of transactions: t.{name}
    t.transaction_id,
    t.account_id,
    t.transaction_time,
    t.transaction_date,
    t.transaction_amount,
    t.currency,
    t.base_amount,
    t.transaction_type,
    t.merchant_category,
    t.location,
    t.device_type,
    t.channel,
    t.product,
    t.acquirer,
    t.card_scheme,
    t.status,
    t.response_code,
    t.counterparty_account_id,
    t.counterparty_iban,
    t.counterparty_country,
    t.counterparty_handle,
    t.title,
    t.balance_after,
    t.requested_at,
    t.responded_at,
    t.duration_ms,
    t.latency_bin,
    t.order_reference,
    t.is_final_attempt,
    t.idempotency_key,
    t.source_status,
    t.status_changed_at,
    t.ingested_at
    -- end
FROM transactions AS t
UNION ALL
SELECT
    -- each column of transactions: a.{name}
    a.transaction_id,
    a.account_id,
    a.transaction_time,
    a.transaction_date,
    a.transaction_amount,
    a.currency,
    a.base_amount,
    a.transaction_type,
    a.merchant_category,
    a.location,
    a.device_type,
    a.channel,
    a.product,
    a.acquirer,
    a.card_scheme,
    a.status,
    a.response_code,
    a.counterparty_account_id,
    a.counterparty_iban,
    a.counterparty_country,
    a.counterparty_handle,
    a.title,
    a.balance_after,
    a.requested_at,
    a.responded_at,
    a.duration_ms,
    a.latency_bin,
    a.order_reference,
    a.is_final_attempt,
    a.idempotency_key,
    a.source_status,
    a.status_changed_at,
    a.ingested_at
    -- end
FROM transactions_archive AS a;
