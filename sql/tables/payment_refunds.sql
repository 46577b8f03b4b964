CREATE TABLE IF NOT EXISTS payment_refunds (
    refund_transaction_id BIGINT NOT NULL COMMENT 'Payment that pays back',
    transaction_id BIGINT NOT NULL COMMENT 'Payment that is paid back',
    refund_amount DECIMAL(19,4) NOT NULL COMMENT 'Amount paid back, currency of the payment',
    PRIMARY KEY (refund_transaction_id),
    KEY idx_payment_refunds_transaction (transaction_id, refund_amount),
    CONSTRAINT fk_payment_refunds_refund FOREIGN KEY (refund_transaction_id)
        REFERENCES transactions (transaction_id),
    CONSTRAINT fk_payment_refunds_transaction FOREIGN KEY (transaction_id)
        REFERENCES transactions (transaction_id),
    CONSTRAINT ck_payment_refunds_amount CHECK (refund_amount > 0)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per refund: a payment in its own right, and the payment that it pays back';
