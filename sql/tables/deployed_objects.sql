CREATE TABLE IF NOT EXISTS deployed_objects (
    object_path VARCHAR(160) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'File of the object below the package, as in the manifest',
    object_kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'table, function, trigger, view, procedure, event or reference',
    object_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Name of the object; equals the file name',
    source_checksum CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'FNV-1a 64 of the file that was deployed, hexadecimal',
    definition_checksum CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'FNV-1a 64 of the definition that the server reported after the deployment',
    deployed_at DATETIME NOT NULL COMMENT 'When this version was deployed (UTC)',
    deployed_version VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Version of payops that deployed it',
    PRIMARY KEY (object_path)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per deployed file: what was installed, from which source, with which definition';
