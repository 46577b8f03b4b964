-- int_case_window: windows of the hits of cases that are of several payments, by account.
--
-- Grain: one row per hit of a case and account of its customer that it is about.
-- Note: a hit of the customer is about all accounts, and is left out where it looks at more than 31
-- days, as rules about the whole relationship do.
-- Columns:
--   case_id      case
--   hit_id       hit
--   rule_id      rule that found it
--   account_id   account
--   window_from  begin of the window (UTC)
--   window_to    end of the window (UTC), inclusive
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_case_window AS
SELECT
    x.case_id,
    h.hit_id,
    h.rule_id,
    a.account_id,
    h.window_from,
    h.window_to
FROM risk_case_hits AS x
INNER JOIN risk_hits AS h ON h.hit_id = x.hit_id
INNER JOIN accounts AS a
    ON a.customer_id = h.customer_id AND a.account_id = COALESCE(h.account_id, a.account_id)
WHERE h.transaction_id IS NULL
    AND (h.account_id IS NOT NULL OR h.window_to <= h.window_from + INTERVAL 31 DAY);
