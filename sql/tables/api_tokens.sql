CREATE TABLE IF NOT EXISTS api_tokens (
    token_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Token, or session of a browser',
    parent_token_id BIGINT NULL COMMENT 'The token that a session was opened with; NULL for a token',
    person VARCHAR(64) NOT NULL COMMENT 'Who holds it; stands in audit log and histories',
    scope ENUM ('read', 'operate', 'admin') CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'What its holder may do; each scope includes those before it',
    token_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'SHA-256 of the secret, which has 256 random bits, hexadecimal',
    created_at DATETIME NOT NULL COMMENT 'When (UTC)',
    expires_at DATETIME NOT NULL COMMENT 'From when on it counts no longer (UTC)',
    revoked_at DATETIME NULL COMMENT 'When it was revoked (UTC); NULL while it counts',
    PRIMARY KEY (token_id),
    KEY idx_api_tokens_parent (parent_token_id),
    CONSTRAINT fk_api_tokens_parent FOREIGN KEY (parent_token_id)
        REFERENCES api_tokens (token_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per token of the HTTP API and session opened with one; secrets are not stored';
