CREATE TABLE IF NOT EXISTS role_grants (
    role_name VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Role',
    object_kind ENUM (
            'schema', 'table', 'view', 'procedure', 'function', 'system_table'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Kind of object; a system table is one of the schema mysql',
    object_pattern VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Pattern of LIKE for the names of the objects; % for the schema itself',
    privileges VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Privileges as in GRANT, separated by a comma and a blank',
    PRIMARY KEY (role_name, object_kind, object_pattern),
    CONSTRAINT fk_role_grants_role FOREIGN KEY (role_name)
        REFERENCES database_roles (role_name)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per role, kind of object and pattern of names: what the role may do there';
