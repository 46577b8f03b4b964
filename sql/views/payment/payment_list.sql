-- payment_list: payments one by one, with the other party masked.
--
-- Grain: one row per payment attempt.
-- Time axis: transaction_time
-- Note: payments in the archive are left out. A filter on transaction_id, transaction_time, status
-- or account_id reads only the rows that it names, newest first in order of transaction_time DESC,
-- of an account in order of transaction_date DESC, transaction_time DESC. One on customer_id reads
-- all payments of the customer unless transaction_date bounds it, and one on another column reads
-- the payments of the period from the newest until the page is full, so it needs a period.
-- Columns:
--   transaction_id           payment
--   transaction_time         time of the payment (UTC)
--   account_id               account
--   transaction_type         type
--   status                   state, as in payment_states
--   response_code            answer of the issuer or switch, as in response_codes
--   transaction_amount       amount in currency, never negative
--   currency                 ISO 4217 code
--   base_amount              amount, base currency
--   merchant_category        category of the merchant
--   location                 city where the payment was made
--   channel                  channel: card_present, ecommerce, mobile_app, branch ...
--   counterparty_account_id  account of the other party when it is one of ours
--   masked_counterparty      masked: country and last four characters of the IBAN of the other
--                            party, or the first two characters of its UPI address before its
--                            provider
--   counterparty_country     country of the IBAN of the other party, ISO 3166 alpha-2
--   duration_ms              time from request to answer, ms
--   transaction_date         day of transaction_time (UTC)
--   customer_id              owner of the account
--   device_type              mobile, web, pos, atm, branch ...
--   product                  product of the bank
--   acquirer                 acquirer or payment service provider
--   card_scheme              card scheme
--   is_final_attempt         0 when a later attempt of the same order replaced this one
--   state_since              when it entered the state (UTC)
--   ingested_at              when the row arrived in this database (UTC)
-- NULL: base_amount while no rate is known; what the source does not give; masked_counterparty and
-- counterparty_country of a party that has no IBAN and no UPI address.
CREATE OR REPLACE VIEW payment_list AS
SELECT
    t.transaction_id,
    t.transaction_time,
    t.account_id,
    t.transaction_type,
    t.status,
    t.response_code,
    t.transaction_amount,
    t.currency,
    t.base_amount,
    t.merchant_category,
    t.location,
    t.channel,
    t.counterparty_account_id,
    CAST(CASE
        WHEN t.counterparty_iban IS NOT NULL THEN mask_middle(t.counterparty_iban, 2, 4)
        WHEN t.counterparty_handle LIKE '%@%' THEN CONCAT(
            mask_middle(SUBSTRING_INDEX(t.counterparty_handle, '@', 1), 2, 0), '@',
            CONVERT(SUBSTRING_INDEX(t.counterparty_handle, '@', -1) USING utf8mb4)
            COLLATE utf8mb4_general_ci)
        WHEN t.counterparty_handle IS NOT NULL THEN '***'
    END AS CHAR(100)) COLLATE utf8mb4_general_ci AS masked_counterparty,
    t.counterparty_country,
    t.duration_ms,
    t.transaction_date,
    a.customer_id,
    t.device_type,
    t.product,
    t.acquirer,
    t.card_scheme,
    t.is_final_attempt,
    COALESCE(t.status_changed_at, t.transaction_time) AS state_since,
    t.ingested_at
FROM transactions AS t
-- LEFT, though every payment has its account: an inner join reads accounts first and sorts.
LEFT JOIN accounts AS a ON a.account_id = t.account_id;
