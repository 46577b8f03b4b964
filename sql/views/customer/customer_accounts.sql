-- customer_accounts: accounts with their numbers masked.
--
-- Grain: one row per account.
-- Note: whoever may see numbers in full reads the table accounts.
-- Columns:
--   account_id             account
--   customer_id            owner
--   account_type           personal, savings or business
--   account_status         active, dormant, blocked or closed
--   masked_account_number  country and last four characters of the IBAN
--   currency               currency of the balance, ISO 4217
--   balance                balance, in currency
--   opened_at              when it was opened (UTC)
--   handle_count           payment handles that pay into it
-- NULL: masked_account_number where the number is unknown.
CREATE OR REPLACE VIEW customer_accounts AS
SELECT
    a.account_id,
    a.customer_id,
    a.account_type,
    a.account_status,
    -- mask_middle() written out, as in customer_profiles.
    CAST(IF(
        CHAR_LENGTH(a.account_number) < 12, '***',
        CONCAT(LEFT(a.account_number, 2), '***', RIGHT(a.account_number, 4))
    ) AS CHAR(255)) COLLATE utf8mb4_general_ci AS masked_account_number,
    a.currency,
    a.balance,
    a.opened_at,
    CAST((
        SELECT COUNT(*)
        FROM payment_handles AS h
        WHERE h.account_id = a.account_id
    ) AS SIGNED) AS handle_count
FROM accounts AS a;
