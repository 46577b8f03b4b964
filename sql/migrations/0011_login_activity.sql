-- table: login_activity
-- from: fc8e42500eac2c53
-- to: b990cf6679847d90
ALTER TABLE login_activity
    ADD KEY IF NOT EXISTS idx_login_activity_customer_status_time (
        customer_id, login_status, login_time);
ALTER TABLE login_activity DROP KEY IF EXISTS idx_login_activity_customer_time;
