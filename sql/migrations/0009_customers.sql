-- table: customers
-- from: a2031ec9cba8451a
-- to: ee86eba26257cbd6
ALTER TABLE customers
    ADD KEY IF NOT EXISTS idx_customers_identifier (identifier),
    ADD KEY IF NOT EXISTS idx_customers_phone (phone),
    ADD KEY IF NOT EXISTS idx_customers_email (email);
