CREATE TABLE IF NOT EXISTS bulk_loads (
    connection_id BIGINT UNSIGNED NOT NULL COMMENT 'Connection that loads in bulk',
    bulk_load BIGINT NOT NULL COMMENT 'Number that begin_bulk_load drew for it, at random',
    PRIMARY KEY (connection_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per connection that loaded in bulk';
