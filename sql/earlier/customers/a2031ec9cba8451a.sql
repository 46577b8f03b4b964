CREATE TABLE IF NOT EXISTS customers (
    customer_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Customer',
    name VARCHAR(100) NOT NULL COMMENT 'Full name (personal data)',
    first_name VARCHAR(50) NULL COMMENT 'First name (personal data); NULL for organisations',
    last_name VARCHAR(50) NULL COMMENT 'Last name (personal data); NULL for organisations',
    identifier VARCHAR(32) NULL
        COMMENT 'National identification number (personal data); NULL when unknown',
    birth_date DATE NULL COMMENT 'Date of birth (personal data); NULL for organisations',
    email VARCHAR(120) NULL COMMENT 'E-mail address (personal data); NULL when unknown',
    phone VARCHAR(32) NULL COMMENT 'Telephone number, E.164 (personal data); NULL when unknown',
    gender CHAR(1) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'F, M or X; NULL for organisations',
    locale VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Language and region, such as pl_PL',
    country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Country of residence, ISO 3166 alpha-2',
    risk_category VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'low'
        COMMENT 'low, medium or high, as set at onboarding',
    kyc_status VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'pending'
        COMMENT 'pending, verified, rejected or expired',
    account_open_date DATE NOT NULL COMMENT 'Day on which the relationship began',
    is_active TINYINT(1) NOT NULL DEFAULT 1 COMMENT '1 while the relationship lasts',
    risk_score DECIMAL(5,2) NOT NULL DEFAULT 0 COMMENT 'Current risk score, 0 to 100',
    PRIMARY KEY (customer_id),
    KEY idx_customers_risk (risk_category, kyc_status, is_active),
    CONSTRAINT ck_customers_risk_category CHECK (risk_category IN ('low', 'medium', 'high')),
    CONSTRAINT ck_customers_kyc_status
        CHECK (kyc_status IN ('pending', 'verified', 'rejected', 'expired')),
    CONSTRAINT ck_customers_risk_score CHECK (risk_score BETWEEN 0 AND 100),
    CONSTRAINT ck_customers_gender CHECK (gender IN ('F', 'M', 'X'))
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per customer';
