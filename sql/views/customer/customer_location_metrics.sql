-- customer_location_metrics: customers by city of their first address: how many, how many of high
-- risk, and what they spent in the last 30 days.
--
-- Grain: one row per country and city.
-- Note: the window is the last 30 days up to rollup_state.window_end_date.
-- Columns:
--   country              ISO 3166 alpha-2 country code
--   city                 city
--   latitude             latitude, degrees north
--   longitude            longitude, degrees east
--   customer_count       customers whose first address is there
--   high_risk_count      of these of high risk at onboarding
--   high_risk_ratio      high_risk_count / customer_count
--   completed_count      completed payments
--   completed_amount     their amount, base currency
--   all_amount           completed_amount of all cities, base currency
--   amount_share         completed_amount / all_amount
--   largest_amount       completed amount of the customer who spent most, base currency
--   concentration_ratio  largest_amount / completed_amount
-- NULL: latitude and longitude where unknown; amount_share and concentration_ratio when nothing was
-- completed.
CREATE OR REPLACE VIEW customer_location_metrics AS
SELECT
    g.country,
    g.city,
    g.latitude,
    g.longitude,
    CAST(g.customer_count AS SIGNED) AS customer_count,
    CAST(g.high_risk_count AS SIGNED) AS high_risk_count,
    CAST(
        1.000000 * g.high_risk_count / NULLIF(g.customer_count, 0)
    AS DECIMAL(9, 6)) AS high_risk_ratio,
    CAST(g.completed_count AS SIGNED) AS completed_count,
    CAST(g.completed_amount AS DECIMAL(21, 4)) AS completed_amount,
    CAST(SUM(g.completed_amount) OVER () AS DECIMAL(21, 4)) AS all_amount,
    CAST(
        1.000000 * g.completed_amount / NULLIF(SUM(g.completed_amount) OVER (), 0)
    AS DECIMAL(9, 6)) AS amount_share,
    CAST(g.largest_amount AS DECIMAL(21, 4)) AS largest_amount,
    CAST(
        1.000000 * g.largest_amount / NULLIF(g.completed_amount, 0)
    AS DECIMAL(9, 6)) AS concentration_ratio
FROM (
    SELECT
        l.country,
        l.city,
        MAX(l.latitude) AS latitude,
        MAX(l.longitude) AS longitude,
        COUNT(*) AS customer_count,
        COUNT(r.customer_id) AS high_risk_count,
        COALESCE(SUM(w.completed_count), 0) AS completed_count,
        COALESCE(SUM(w.completed_amount), 0) AS completed_amount,
        COALESCE(MAX(w.completed_amount), 0) AS largest_amount
    FROM customer_locations AS l
    LEFT JOIN customer_window AS w ON w.customer_id = l.customer_id
    -- The few of high risk and those of several addresses: less than a look at every customer.
    LEFT JOIN (
        SELECT DISTINCT c.customer_id FROM customers AS c WHERE c.risk_category = 'high'
    ) AS r ON r.customer_id = l.customer_id
    LEFT JOIN (
        SELECT
            f.customer_id,
            MIN(f.location_id) AS first_location_id
        FROM customer_locations AS f
        GROUP BY f.customer_id
        HAVING COUNT(*) > 1
    ) AS s ON s.customer_id = l.customer_id
    -- The first address of a customer, so that customers and amounts add up.
    WHERE s.customer_id IS NULL OR l.location_id = s.first_location_id
    GROUP BY l.country, l.city
) AS g;
