-- risk_case_payments: payments in the windows of the hits of a case: the one that was hit, or those
-- of the account, or of all accounts of the customer when the hit is the customer's.
--
-- Grain: one row per hit of a case and payment.
-- Time axis: transaction_time
-- Note: hits of the customer whose window is longer than 31 days (shared identity) have none.
-- Columns:
--   case_id                  case
--   hit_id                   hit
--   rule_id                  rule
--   transaction_id           payment
--   account_id               account
--   transaction_time         time (UTC)
--   transaction_amount       amount
--   currency                 currency
--   base_amount              amount, base currency
--   transaction_type         type
--   status                   state
--   counterparty_account_id  account of the other party
-- NULL: base_amount while no rate is known; counterparty_account_id when it is not ours.
CREATE OR REPLACE VIEW risk_case_payments AS
SELECT
    x.case_id,
    h.hit_id,
    h.rule_id,
    t.transaction_id,
    t.account_id,
    t.transaction_time,
    t.transaction_amount,
    t.currency,
    t.base_amount,
    t.transaction_type,
    t.status,
    t.counterparty_account_id
FROM risk_case_hits AS x
INNER JOIN risk_hits AS h ON h.hit_id = x.hit_id
INNER JOIN transactions AS t ON t.transaction_id = h.transaction_id
UNION ALL
SELECT
    w.case_id,
    w.hit_id,
    w.rule_id,
    t.transaction_id,
    t.account_id,
    t.transaction_time,
    t.transaction_amount,
    t.currency,
    t.base_amount,
    t.transaction_type,
    t.status,
    t.counterparty_account_id
FROM int_case_window AS w
INNER JOIN transactions AS t
    ON t.account_id = w.account_id
        AND t.transaction_date >= DATE(w.window_from)
        AND t.transaction_date <= DATE(w.window_to)
        AND t.transaction_time >= w.window_from
        AND t.transaction_time <= w.window_to
UNION ALL
SELECT
    x.case_id,
    h.hit_id,
    h.rule_id,
    t.transaction_id,
    t.account_id,
    t.transaction_time,
    t.transaction_amount,
    t.currency,
    t.base_amount,
    t.transaction_type,
    t.status,
    t.counterparty_account_id
FROM risk_case_hits AS x
INNER JOIN risk_hits AS h ON h.hit_id = x.hit_id
INNER JOIN transactions_archive AS t ON t.transaction_id = h.transaction_id
UNION ALL
SELECT
    w.case_id,
    w.hit_id,
    w.rule_id,
    t.transaction_id,
    t.account_id,
    t.transaction_time,
    t.transaction_amount,
    t.currency,
    t.base_amount,
    t.transaction_type,
    t.status,
    t.counterparty_account_id
FROM int_case_window AS w
INNER JOIN transactions_archive AS t
    ON t.account_id = w.account_id
        AND t.transaction_date >= DATE(w.window_from)
        AND t.transaction_date <= DATE(w.window_to)
        AND t.transaction_time >= w.window_from
        AND t.transaction_time <= w.window_to;
