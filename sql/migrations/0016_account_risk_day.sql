-- table: account_risk_day
-- from: 126c169cb190e556
-- to: none
-- Sums that nothing reads any more.
DROP TABLE IF EXISTS account_risk_day;
