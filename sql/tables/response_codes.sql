CREATE TABLE IF NOT EXISTS response_codes (
    response_code VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'ISO 8583 field 39 code or scheme code',
    response_class VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'approved, business_decline or technical_decline',
    is_hard_decline TINYINT(1) NOT NULL DEFAULT 0 COMMENT '1 when a retry cannot succeed',
    meaning VARCHAR(100) NOT NULL COMMENT 'Meaning of the code',
    PRIMARY KEY (response_code),
    CONSTRAINT ck_response_codes_class
        CHECK (response_class IN ('approved', 'business_decline', 'technical_decline'))
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per response code of an issuer or switch';
