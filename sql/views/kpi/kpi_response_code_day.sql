-- kpi_response_code_day: answers of issuers and switches by day, with their class and soft or hard
-- decline.
--
-- Grain: one row per day and response code.
-- Time axis: metric_date
-- Note: response_class is no_answer for payments without an answer.
-- Columns:
--   metric_date      day of the attempt (UTC)
--   response_code    code, (none) before an answer
--   response_class   approved, business_decline, technical_decline, or unknown when the code is in
--                    no catalogue
--   is_hard_decline  1 when a retry cannot succeed, 0 when it can
--   meaning          meaning of the code
--   payment_count    payments with the code
--   payment_amount   their amount, base currency
--   total_count      payments of the day
--   response_ratio   payment_count / total_count
-- NULL: is_hard_decline and meaning are NULL for codes that are in no catalogue.
CREATE OR REPLACE VIEW kpi_response_code_day AS
SELECT
    m.metric_date,
    m.member AS response_code,
    CAST(CASE
        WHEN m.member = '(none)' THEN 'no_answer'
        ELSE COALESCE(c.response_class, 'unknown')
    END AS CHAR(20) CHARACTER SET ascii) AS response_class,
    c.is_hard_decline,
    c.meaning,
    CAST(m.total_count AS SIGNED) AS payment_count,
    m.total_amount AS payment_amount,
    CAST(a.total_count AS SIGNED) AS total_count,
    CAST(
        1.000000 * m.total_count
        / NULLIF(a.total_count, 0)
    AS DECIMAL(9, 6)) AS response_ratio
FROM metric_day AS m
INNER JOIN metric_day AS a
    ON a.dimension = 'all' AND a.metric_date = m.metric_date AND a.member = 'all'
LEFT JOIN response_codes AS c ON c.response_code = m.member
WHERE m.dimension = 'response_code';
