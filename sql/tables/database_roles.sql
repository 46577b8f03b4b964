CREATE TABLE IF NOT EXISTS database_roles (
    role_name VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Role; on the server its name stands behind the name of the schema: payops_bi',
    purpose VARCHAR(160) NOT NULL COMMENT 'Who has it, and for what',
    maximum_statement_seconds INT UNSIGNED NULL
        COMMENT 'Longest statement of an account that has it, seconds; NULL for no limit',
    maximum_connections INT UNSIGNED NULL
        COMMENT 'Most connections at a time of an account that has it; NULL for no limit',
    PRIMARY KEY (role_name),
    CONSTRAINT ck_database_roles_limits
        CHECK (maximum_statement_seconds > 0 AND maximum_connections > 0)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per role that payops roles apply makes';
