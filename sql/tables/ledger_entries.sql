CREATE TABLE IF NOT EXISTS ledger_entries (
    entry_id BIGINT NOT NULL AUTO_INCREMENT COMMENT 'Entry',
    request_id BIGINT NOT NULL COMMENT 'Request that was posted; its entries sum to zero',
    account_id BIGINT NULL COMMENT 'Account of a customer; NULL for the side of the bank',
    internal_account VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Account of the bank, such as clearing:CARD; NULL for the side of a customer',
    currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'ISO 4217 code of the amount',
    entry_amount DECIMAL(19,4) NOT NULL
        COMMENT 'What the account gains (credit); negative when it loses (debit)',
    PRIMARY KEY (entry_id),
    KEY idx_ledger_entries_request (request_id),
    KEY idx_ledger_entries_account (account_id, entry_amount),
    CONSTRAINT fk_ledger_entries_request FOREIGN KEY (request_id)
        REFERENCES payment_requests (request_id),
    CONSTRAINT fk_ledger_entries_account FOREIGN KEY (account_id)
        REFERENCES account_ledgers (account_id),
    CONSTRAINT ck_ledger_entries_side CHECK ((account_id IS NULL) <> (internal_account IS NULL)),
    CONSTRAINT ck_ledger_entries_amount CHECK (entry_amount <> 0)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'Append-only double entry: two rows or more per posted request, debits equal to credits';
