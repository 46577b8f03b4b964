-- table: customer_locations
-- from: e7985a68bb4f58f6
-- from: b35330123672c493
-- to: 1ba4fc72fad28d94
ALTER TABLE customer_locations
    ADD KEY IF NOT EXISTS idx_customer_locations_address (
        postal_code, street, building_number, city),
    ADD KEY IF NOT EXISTS idx_customer_locations_city (
        country, city, customer_id, latitude, longitude);
