CREATE TABLE IF NOT EXISTS simulation_answer_payments (
    simulation_id BIGINT NOT NULL COMMENT 'Run',
    transaction_id BIGINT NOT NULL COMMENT 'Payment that belongs to the event',
    answer_number INT NOT NULL COMMENT 'Planted event',
    PRIMARY KEY (simulation_id, transaction_id),
    KEY idx_simulation_answer_payments_answer (simulation_id, answer_number),
    CONSTRAINT fk_simulation_answer_payments_answer FOREIGN KEY (simulation_id, answer_number)
        REFERENCES simulation_answer_key (simulation_id, answer_number)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per payment of a planted typology';
