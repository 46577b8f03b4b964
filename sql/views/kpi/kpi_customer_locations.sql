-- kpi_customer_locations: customers by city, for a map.
--
-- Grain: one row per country and city.
-- Columns:
--   country         ISO 3166 alpha-2 country code
--   city            city
--   customer_count  customers with an address there
--   latitude        latitude, degrees north
--   longitude       longitude, degrees east
-- NULL: latitude and longitude are NULL where unknown.
CREATE OR REPLACE VIEW kpi_customer_locations AS
SELECT
    l.country,
    l.city,
    CAST(COUNT(DISTINCT l.customer_id) AS SIGNED) AS customer_count,
    MAX(l.latitude) AS latitude,
    MAX(l.longitude) AS longitude
FROM customer_locations AS l
GROUP BY l.country, l.city;
