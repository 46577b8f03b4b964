-- customer_counterparties: whom a customer paid and was paid by over the last 90 days: our
-- accounts, IBANs and UPI addresses outside, known by a keyed hash.
--
-- Grain: one row per customer, direction and other party.
-- Note: completed payments count. Filter customer_id by a number written into the statement: a
-- parameter reads the payments of every customer. Of two accounts of ours that both have rows,
-- those of one side count; transfers that only the payer has come with the job update_risk_scores.
-- Columns:
--   customer_id               customer
--   direction                 out: the customer paid; in: was paid
--   counterparty_kind         account (one of ours), iban or handle
--   counterparty_key          account and its number, or iban or handle and a keyed hash, the same
--                             for every customer
--   masked_counterparty       masked: country and last four characters of the IBAN of the other
--                             party, or the first two characters of its UPI address before its
--                             provider
--   counterparty_account_id   account of the other party when it is one of ours
--   counterparty_customer_id  owner of that account
--   counterparty_country      country of the IBAN, or of the customer whose account it is
--   payment_count             payments
--   payment_amount            their amount, base currency
--   first_at                  time of the first of them (UTC)
--   last_at                   time of the last of them (UTC)
--   counterparty_band         risk of the other party: of the score of our customer; High or Medium
--                             for an IBAN of a country on the black or grey list
-- NULL: counterparty_key without the secret of the database; masked_counterparty of an account of
-- ours; counterparty_account_id and counterparty_customer_id of others; counterparty_country of a
-- UPI address; counterparty_band where nothing is known of the risk.
CREATE OR REPLACE VIEW customer_counterparties AS
SELECT
    c.customer_id,
    c.direction,
    c.counterparty_kind,
    -- CONCAT, not CONCAT_WS: without the secret there is no key, never one that anybody can try.
    CAST(IF(
        c.counterparty_kind = 'account',
        CONCAT('account-', c.counterparty_account_id),
        CONCAT(
            IF(c.counterparty_kind = 'iban', 'iban-', 'handle-'),
            LEFT(SHA2(CONCAT(
                k.secret, '|counterparty|', c.other_party, '|', k.secret
            ), 256), 32))
    ) AS CHAR(48) CHARACTER SET ascii) AS counterparty_key,
    CAST(CASE
        WHEN c.counterparty_kind = 'iban' THEN mask_middle(c.other_party, 2, 4)
        WHEN c.counterparty_kind = 'handle' AND c.other_party LIKE '%@%' THEN CONCAT(
            mask_middle(SUBSTRING_INDEX(c.other_party, '@', 1), 2, 0), '@',
            CONVERT(SUBSTRING_INDEX(c.other_party, '@', -1) USING utf8mb4)
            COLLATE utf8mb4_general_ci)
        WHEN c.counterparty_kind = 'handle' THEN '***'
    END AS CHAR(100)) COLLATE utf8mb4_general_ci AS masked_counterparty,
    c.counterparty_account_id,
    a.customer_id AS counterparty_customer_id,
    IF(c.counterparty_kind = 'iban', LEFT(c.other_party, 2), p.country) AS counterparty_country,
    -- Where both accounts have rows of their own, those of one side count.
    CAST(GREATEST(c.own_count, c.edge_count) AS SIGNED) AS payment_count,
    CAST(
        IF(c.own_count >= c.edge_count, c.own_amount, c.edge_amount)
    AS DECIMAL(21, 4)) AS payment_amount,
    c.first_at,
    c.last_at,
    CAST(CASE
        WHEN c.counterparty_kind = 'account' THEN CASE
            WHEN p.risk_score >= h.setting_value + 0 THEN 'High'
            WHEN p.risk_score >= m.setting_value + 0 THEN 'Medium'
            ELSE 'Low' END
        WHEN c.counterparty_kind = 'iban' THEN (
            SELECT IF(r.country_list = 'black', 'High', 'Medium')
            FROM country_risks AS r
            WHERE r.country = LEFT(c.other_party, 2)
                AND r.listed_from <= DATE(as_of())
                AND (r.listed_until IS NULL OR r.listed_until > DATE(as_of()))
            ORDER BY r.country_list = 'black' DESC
            LIMIT 1)
    END AS CHAR(8) CHARACTER SET ascii) AS counterparty_band
FROM (
    SELECT
        s.customer_id,
        s.direction,
        s.counterparty_kind,
        s.counterparty_account_id,
        s.other_party,
        SUM(s.own_count) AS own_count,
        SUM(s.own_amount) AS own_amount,
        SUM(s.edge_count) AS edge_count,
        SUM(s.edge_amount) AS edge_amount,
        MIN(s.first_at) AS first_at,
        MAX(s.last_at) AS last_at
    FROM int_counterparty_payment AS s
    GROUP BY
        s.customer_id,
        s.direction,
        s.counterparty_kind,
        s.counterparty_account_id,
        s.other_party
) AS c
INNER JOIN settings AS h ON h.setting_name = 'risk_band_high'
INNER JOIN settings AS m ON m.setting_name = 'risk_band_medium'
LEFT JOIN erasure_keys AS k ON k.key_id = 1
LEFT JOIN accounts AS a ON a.account_id = c.counterparty_account_id
LEFT JOIN customers AS p ON p.customer_id = a.customer_id;
