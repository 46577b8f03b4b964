-- int_scope_payment: payments of the days in risk_scope_day, beside what is known of the day.
--
-- Grain: one row per payment.
-- Note: a condition on a column of the day keeps the payments of other days from being read;
-- status, transaction_type, base_amount and the counterparty's account and country are in the
-- index, the others not.
-- Columns:
--   account_id               account
--   customer_id              owner
--   risk_date                day (UTC)
--   is_new                   1 for a day whose windows are looked at
--   attempt_count            payments of the day
--   declined_count           of these failed or denied
--   maximum_amount           largest completed payment of the day, base currency
--   cash_amount              completed payments in cash of the day, base currency
--   transfer_count           payments to other accounts of this bank on the day
--   risky_country_count      payments of the day with a country that is or was in country_risks
--   transaction_id           payment
--   transaction_time         time (UTC)
--   status                   state
--   transaction_type         type
--   base_amount              amount, base currency
--   transaction_amount       amount
--   currency                 currency
--   balance_after            balance after it
--   location                 city
--   counterparty_account_id  account of the other party
--   counterparty_country     country of the other party
--   counterparty_iban        IBAN of the other party
--   counterparty_handle      UPI address of the other party
-- NULL: base_amount, balance_after, location and what is known of the counterparty.
CREATE OR REPLACE VIEW int_scope_payment AS
SELECT
    d.account_id,
    d.customer_id,
    d.risk_date,
    d.is_new,
    d.attempt_count,
    d.declined_count,
    d.maximum_amount,
    d.cash_amount,
    d.transfer_count,
    d.risky_country_count,
    t.transaction_id,
    t.transaction_time,
    t.status,
    t.transaction_type,
    t.base_amount,
    t.transaction_amount,
    t.currency,
    t.balance_after,
    t.location,
    t.counterparty_account_id,
    t.counterparty_country,
    t.counterparty_iban,
    t.counterparty_handle
FROM risk_scope_day AS d
STRAIGHT_JOIN transactions AS t FORCE INDEX (idx_transactions_account_date)
    ON t.account_id = d.account_id AND t.transaction_date = d.risk_date
WHERE t.transaction_time <= as_of();
