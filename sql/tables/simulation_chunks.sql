CREATE TABLE IF NOT EXISTS simulation_chunks (
    simulation_id BIGINT NOT NULL COMMENT 'Run',
    chunk_number INT NOT NULL
        COMMENT 'Chunk of the run, from 0 in time order; chunk -1 holds customers and accounts',
    payment_count BIGINT NOT NULL COMMENT 'Payments in the chunk',
    settlement_count BIGINT NOT NULL COMMENT 'Settlements in the chunk',
    PRIMARY KEY (simulation_id, chunk_number),
    CONSTRAINT fk_simulation_chunks_run FOREIGN KEY (simulation_id)
        REFERENCES simulation_runs (simulation_id)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per chunk of generated data that is committed; written in the transaction of the chunk';
