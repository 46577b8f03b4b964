CREATE TABLE IF NOT EXISTS payment_states (
    state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'State of a payment, as in transactions.status',
    sort_order TINYINT UNSIGNED NOT NULL COMMENT 'Position in the life of a payment',
    is_terminal TINYINT(1) NOT NULL COMMENT '1 when the payment needs no further work',
    is_attempt TINYINT(1) NOT NULL
        COMMENT '1 when the payment was sent to the network or issuer and answered',
    is_approved TINYINT(1) NOT NULL
        COMMENT '1 when the issuer approved it, whatever happened after',
    is_captured TINYINT(1) NOT NULL COMMENT '1 when the money was taken, whatever happened after',
    maximum_age_seconds INT UNSIGNED NULL
        COMMENT 'Age in the state after which the payment is stuck; NULL for terminal states',
    meaning VARCHAR(160) NOT NULL COMMENT 'What the state says',
    PRIMARY KEY (state)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per state of a payment';
