CREATE TABLE IF NOT EXISTS customer_locations (
    location_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Location',
    customer_id BIGINT NOT NULL COMMENT 'Customer who lives or works there',
    city VARCHAR(64) NOT NULL COMMENT 'City',
    region VARCHAR(64) NULL COMMENT 'Region or state',
    country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'ISO 3166 alpha-2 country code',
    postal_code VARCHAR(16) NULL COMMENT 'Postal code (personal data)',
    street VARCHAR(100) NULL COMMENT 'Street (personal data)',
    building_number VARCHAR(16) NULL COMMENT 'Number of the building (personal data)',
    latitude DECIMAL(9,6) NULL COMMENT 'Latitude of the city, degrees north',
    longitude DECIMAL(9,6) NULL COMMENT 'Longitude of the city, degrees east',
    PRIMARY KEY (location_id),
    KEY idx_customer_locations_customer (customer_id),
    CONSTRAINT fk_customer_locations_customer FOREIGN KEY (customer_id)
        REFERENCES customers (customer_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per address of a customer';
