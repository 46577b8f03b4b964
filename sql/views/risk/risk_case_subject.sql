-- risk_case_subject: the customer of a case, in full.
--
-- Grain: one row per case.
-- Columns:
--   case_id            case
--   customer_id        customer
--   name               full name
--   first_name         first name
--   last_name          last name
--   identifier         national identification number
--   birth_date         date of birth
--   email              e-mail address
--   phone              telephone number
--   country            country of residence, ISO 3166 alpha-2
--   risk_category      low, medium or high, as set at onboarding
--   kyc_status         pending, verified, rejected or expired
--   account_open_date  day on which the relationship began
-- NULL: names, identifier, birth_date, email and phone where they are unknown.
CREATE OR REPLACE VIEW risk_case_subject AS
SELECT
    k.case_id,
    c.customer_id,
    c.name,
    c.first_name,
    c.last_name,
    c.identifier,
    c.birth_date,
    c.email,
    c.phone,
    c.country,
    c.risk_category,
    c.kyc_status,
    c.account_open_date
FROM risk_cases AS k
INNER JOIN customers AS c ON c.customer_id = k.customer_id;
