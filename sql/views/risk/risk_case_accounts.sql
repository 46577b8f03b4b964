-- risk_case_accounts: accounts of the customer of a case, in full.
--
-- Grain: one row per case and account.
-- Columns:
--   case_id         case
--   account_id      account
--   account_number  account number (IBAN), in full
--   account_type    personal, savings or business
--   account_status  state of the account
--   currency        currency
--   opened_at       when the account was opened (UTC)
-- NULL: account_number of an account that has none.
CREATE OR REPLACE VIEW risk_case_accounts AS
SELECT
    k.case_id,
    a.account_id,
    a.account_number,
    a.account_type,
    a.account_status,
    a.currency,
    a.opened_at
FROM risk_cases AS k
INNER JOIN accounts AS a ON a.customer_id = k.customer_id;
