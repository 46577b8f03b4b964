CREATE TABLE IF NOT EXISTS payment_transitions (
    from_state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'State that a payment leaves; an empty text where its life begins',
    to_state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'State that it may enter from there',
    PRIMARY KEY (from_state, to_state),
    KEY idx_payment_transitions_to_state (to_state),
    CONSTRAINT fk_payment_transitions_to_state FOREIGN KEY (to_state)
        REFERENCES payment_states (state)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per change of state that a payment may make';
