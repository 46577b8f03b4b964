-- risk_case_transfers: payments in the windows of the hits of a case, each once, with the other
-- party.
--
-- Grain: one row per case and payment.
-- Time axis: transaction_time
-- Note: a filter on case_id reads only the payments of that case; those in the archive are left
-- out.
-- Columns:
--   case_id                  case
--   transaction_id           payment
--   account_id               account
--   transaction_time         time (UTC)
--   transaction_amount       amount
--   currency                 currency
--   base_amount              amount, base currency
--   transaction_type         type
--   status                   state
--   counterparty_account_id  account of the other party
--   counterparty_iban        IBAN of the other party (personal data)
--   counterparty_handle      UPI address of the other party (personal data)
--   title                    remittance text (personal data)
-- NULL: base_amount while no rate is known; what is unknown of the other party; title without one.
CREATE OR REPLACE VIEW risk_case_transfers AS
SELECT DISTINCT
    p.case_id,
    p.transaction_id,
    p.account_id,
    p.transaction_time,
    p.transaction_amount,
    p.currency,
    p.base_amount,
    p.transaction_type,
    p.status,
    p.counterparty_account_id,
    t.counterparty_iban,
    t.counterparty_handle,
    t.title
FROM risk_case_payments AS p
INNER JOIN transactions AS t ON t.transaction_id = p.transaction_id;
