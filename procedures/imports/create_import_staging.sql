DELIMITER $$
CREATE OR REPLACE PROCEDURE create_import_staging()
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Makes the empty staging tables of one import, which end with the connection. Parameters:
none.
Result sets: none.
Errors: none of its own.
Transaction: none; call it outside a transaction, since making tables may end one.
Example: CALL create_import_staging();'
BEGIN
    DROP TEMPORARY TABLE IF EXISTS import_staged_transactions;
    CREATE TEMPORARY TABLE import_staged_transactions (
        record_number BIGINT NOT NULL COMMENT 'Number of the record in the file, from 1',
        line_number BIGINT NOT NULL COMMENT 'Line on which the record begins, from 1',
        external_id VARCHAR(64) NOT NULL COMMENT 'Natural key in the source',
        former_id VARCHAR(40) NULL
            COMMENT 'Stand-in under which earlier versions kept a long key; NULL for a short one',
        transaction_id BIGINT NULL COMMENT 'Payment; given by the file or found by the key',
        account_reference VARCHAR(64) NULL COMMENT 'Account as the source names it',
        counterparty_reference VARCHAR(64) NULL COMMENT 'Other account as the source names it',
        account_id BIGINT NULL COMMENT 'Account',
        counterparty_account_id BIGINT NULL COMMENT 'Account of the other party',
        transaction_time DATETIME NULL COMMENT 'Time of the attempt (UTC)',
        transaction_amount DECIMAL(19,4) NULL COMMENT 'Amount, perhaps in minor units',
        currency VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'Currency of the amount',
        base_amount DECIMAL(19,4) NULL COMMENT 'Amount in the base currency',
        -- each dimension but all: {column} {type} NULL COMMENT '{meaning}',
        transaction_type VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'Type of payment',
        merchant_category VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
            COMMENT 'Category of the merchant',
        location VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
            COMMENT 'City where the payment was made',
        device_type VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'Device',
        channel VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'Channel',
        product VARCHAR(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
            COMMENT 'Product of the bank',
        acquirer VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL
            COMMENT 'Acquirer or payment service provider',
        card_scheme VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'Card scheme',
        response_code VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'Answer of the issuer or switch',
        -- end
        status VARCHAR(40) NULL COMMENT 'Status as the source writes it',
        counterparty_iban VARCHAR(34) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'IBAN of the other party',
        counterparty_handle VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'UPI address of the other party',
        title VARCHAR(140) NULL COMMENT 'Remittance text',
        balance_after DECIMAL(19,4) NULL COMMENT 'Balance after the payment',
        requested_at DATETIME(3) NULL COMMENT 'Request (UTC)',
        responded_at DATETIME(3) NULL COMMENT 'Answer (UTC)',
        order_reference VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'Order',
        is_final_attempt TINYINT NULL COMMENT '0 when another attempt replaced this one',
        idempotency_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'Key of the client',
        source_status VARCHAR(40) NULL COMMENT 'Original status, kept beside the state',
        status_changed_at DATETIME NULL COMMENT 'When the state was entered (UTC)',
        ingested_at DATETIME NULL COMMENT 'When the payment arrived (UTC)',
        raw_line MEDIUMTEXT NOT NULL COMMENT 'The record as read, cut at 64 KiB',
        column_name VARCHAR(64) NULL COMMENT 'Wrong column; NULL when none or the whole record',
        reason VARCHAR(255) NULL COMMENT 'Why the record is refused; NULL when it is not',
        state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'State that the status maps onto',
        outcome VARCHAR(12) NULL COMMENT 'first, repeat, then loaded, updated, duplicate',
        occurrence BIGINT NULL COMMENT 'How often the key was read so far, this record included',
        is_same TINYINT NOT NULL DEFAULT 0 COMMENT '1 when the payment is there unchanged',
        PRIMARY KEY (record_number),
        KEY idx_import_staged_transactions_key (external_id),
        KEY idx_import_staged_transactions_id (transaction_id)
    )
    ENGINE = InnoDB
    DEFAULT CHARACTER SET = utf8mb4
    COLLATE = utf8mb4_bin
    COMMENT = 'One row per payment record of the current batch';

    DROP TEMPORARY TABLE IF EXISTS import_staged_accounts;
    CREATE TEMPORARY TABLE import_staged_accounts (
        record_number BIGINT NOT NULL COMMENT 'Number of the record in the file, from 1',
        line_number BIGINT NOT NULL COMMENT 'Line on which the record begins, from 1',
        external_id VARCHAR(64) NOT NULL COMMENT 'Account as the source names it',
        erased_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'What its key would be had its record been erased; NULL when none was',
        former_id VARCHAR(40) NULL
            COMMENT 'Stand-in under which earlier versions kept a long key; NULL for a short one',
        customer_reference VARCHAR(64) NULL COMMENT 'Customer; NULL for one of its own',
        name VARCHAR(100) NULL COMMENT 'Name of the customer',
        country VARCHAR(2) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'Country of the customer',
        account_type VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'personal, savings or business',
        currency VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'Currency of the balance',
        balance DECIMAL(19,4) NULL COMMENT 'Balance',
        opened_at DATETIME NULL COMMENT 'When the account was opened (UTC)',
        raw_line MEDIUMTEXT NULL COMMENT 'The record as read; NULL when made for a payment',
        column_name VARCHAR(64) NULL COMMENT 'Wrong column; NULL when none or the whole record',
        reason VARCHAR(255) NULL COMMENT 'Why the record is refused; NULL when it is not',
        account_id BIGINT NULL COMMENT 'Account found or made',
        customer_id BIGINT NULL COMMENT 'Customer found or made',
        outcome VARCHAR(12) NULL COMMENT 'first, repeat, then loaded, updated, duplicate',
        is_same TINYINT NOT NULL DEFAULT 0 COMMENT '1 when the account is there unchanged',
        PRIMARY KEY (record_number),
        KEY idx_import_staged_accounts_key (external_id)
    )
    ENGINE = InnoDB
    DEFAULT CHARACTER SET = utf8mb4
    COLLATE = utf8mb4_bin
    COMMENT = 'One row per account record of the current batch';

    DROP TEMPORARY TABLE IF EXISTS import_staged_counts;
    CREATE TEMPORARY TABLE import_staged_counts (
        record_number BIGINT NOT NULL COMMENT 'Number of the record in the file, from 1',
        line_number BIGINT NOT NULL COMMENT 'Line on which the record begins, from 1',
        metric_minute DATETIME NULL COMMENT 'Minute (UTC)',
        member VARCHAR(40) NULL COMMENT 'Status or response code as the source writes it',
        payment_count INT NULL COMMENT 'Payments in the minute',
        raw_line MEDIUMTEXT NOT NULL COMMENT 'The record as read, cut at 64 KiB',
        column_name VARCHAR(64) NULL COMMENT 'Wrong column; NULL when none or the whole record',
        reason VARCHAR(255) NULL COMMENT 'Why the record is refused; NULL when it is not',
        external_id VARCHAR(64) NULL COMMENT 'Minute and member, the natural key',
        state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'State that the status maps onto',
        outcome VARCHAR(12) NULL COMMENT 'first, repeat, then loaded, updated, duplicate',
        PRIMARY KEY (record_number),
        KEY idx_import_staged_counts_key (external_id)
    )
    ENGINE = InnoDB
    DEFAULT CHARACTER SET = utf8mb4
    COLLATE = utf8mb4_bin
    COMMENT = 'One row per count record of the current batch';

    DROP TEMPORARY TABLE IF EXISTS import_staged_customers;
    CREATE TEMPORARY TABLE import_staged_customers (
        record_number BIGINT NOT NULL COMMENT 'Number of the record in the file, from 1',
        line_number BIGINT NOT NULL COMMENT 'Line on which the record begins, from 1',
        external_id VARCHAR(64) NOT NULL COMMENT 'Natural key in the source',
        erased_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'What its key would be had its record been erased; NULL when none was',
        name VARCHAR(100) NULL COMMENT 'Full name',
        first_name VARCHAR(50) NULL COMMENT 'First name',
        last_name VARCHAR(50) NULL COMMENT 'Last name',
        identifier VARCHAR(32) NULL COMMENT 'National identification number',
        birth_date DATE NULL COMMENT 'Date of birth',
        email VARCHAR(120) NULL COMMENT 'E-mail address',
        phone VARCHAR(32) NULL COMMENT 'Telephone number',
        gender CHAR(1) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'F, M or X',
        locale VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'Language and region',
        country VARCHAR(2) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'Country of residence',
        risk_category VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'low, medium or high',
        kyc_status VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'pending, verified, rejected or expired',
        account_open_date DATE NULL COMMENT 'Day on which the relationship began',
        is_active TINYINT NULL COMMENT '1 while the relationship lasts',
        raw_line MEDIUMTEXT NOT NULL COMMENT 'The record as read, cut at 64 KiB',
        column_name VARCHAR(64) NULL COMMENT 'Wrong column; NULL when none or the whole record',
        reason VARCHAR(255) NULL COMMENT 'Why the record is refused; NULL when it is not',
        customer_id BIGINT NULL COMMENT 'Row found or made',
        outcome VARCHAR(12) NULL COMMENT 'first, repeat, then loaded, updated, duplicate',
        is_same TINYINT NOT NULL DEFAULT 0 COMMENT '1 when the customer is there unchanged',
        PRIMARY KEY (record_number),
        KEY idx_import_staged_customers_key (external_id)
    )
    ENGINE = InnoDB
    DEFAULT CHARACTER SET = utf8mb4
    COLLATE = utf8mb4_bin
    COMMENT = 'One row per customer record of the current batch';

    DROP TEMPORARY TABLE IF EXISTS import_staged_settlements;
    CREATE TEMPORARY TABLE import_staged_settlements (
        record_number BIGINT NOT NULL COMMENT 'Number of the record in the file, from 1',
        line_number BIGINT NOT NULL COMMENT 'Line on which the record begins, from 1',
        external_id VARCHAR(64) NOT NULL COMMENT 'Natural key in the source',
        transaction_reference VARCHAR(64) NULL COMMENT 'Payment as the source names it',
        transaction_id BIGINT NULL COMMENT 'Payment',
        rail VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'Rail',
        settlement_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'pending, settled or failed',
        settlement_amount DECIMAL(19,4) NULL COMMENT 'Amount, perhaps in minor units',
        currency VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'Currency of the amount',
        base_amount DECIMAL(19,4) NULL COMMENT 'Amount in the base currency',
        accepted_at DATETIME NULL COMMENT 'When it was accepted (UTC)',
        due_at DATETIME NULL COMMENT 'When it is due (UTC)',
        settlement_date DATETIME NULL COMMENT 'When it was settled or failed (UTC)',
        is_archived TINYINT NOT NULL DEFAULT 0 COMMENT '1 when its payment is in the archive',
        raw_line MEDIUMTEXT NOT NULL COMMENT 'The record as read, cut at 64 KiB',
        column_name VARCHAR(64) NULL COMMENT 'Wrong column; NULL when none or the whole record',
        reason VARCHAR(255) NULL COMMENT 'Why the record is refused; NULL when it is not',
        settlement_id BIGINT NULL COMMENT 'Row found or made',
        outcome VARCHAR(12) NULL COMMENT 'first, repeat, then loaded, updated, duplicate',
        is_same TINYINT NOT NULL DEFAULT 0 COMMENT '1 when the settlement is there unchanged',
        PRIMARY KEY (record_number),
        KEY idx_import_staged_settlements_key (external_id)
    )
    ENGINE = InnoDB
    DEFAULT CHARACTER SET = utf8mb4
    COLLATE = utf8mb4_bin
    COMMENT = 'One row per settlement record of the current batch';

    DROP TEMPORARY TABLE IF EXISTS import_staged_logins;
    CREATE TEMPORARY TABLE import_staged_logins (
        record_number BIGINT NOT NULL COMMENT 'Number of the record in the file, from 1',
        line_number BIGINT NOT NULL COMMENT 'Line on which the record begins, from 1',
        external_id VARCHAR(64) NOT NULL COMMENT 'Natural key in the source',
        customer_reference VARCHAR(64) NULL COMMENT 'Customer as the source names it',
        customer_id BIGINT NULL COMMENT 'Customer',
        login_time DATETIME NULL COMMENT 'When (UTC)',
        login_status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'success or failed',
        ip_address VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NULL
            COMMENT 'Address of the client',
        location VARCHAR(64) NULL COMMENT 'City of the address',
        device VARCHAR(40) NULL COMMENT 'Device',
        raw_line MEDIUMTEXT NOT NULL COMMENT 'The record as read, cut at 64 KiB',
        column_name VARCHAR(64) NULL COMMENT 'Wrong column; NULL when none or the whole record',
        reason VARCHAR(255) NULL COMMENT 'Why the record is refused; NULL when it is not',
        login_id BIGINT NULL COMMENT 'Row found or made',
        outcome VARCHAR(12) NULL COMMENT 'first, repeat, then loaded, updated, duplicate',
        is_same TINYINT NOT NULL DEFAULT 0 COMMENT '1 when the login is there unchanged',
        PRIMARY KEY (record_number),
        KEY idx_import_staged_logins_key (external_id)
    )
    ENGINE = InnoDB
    DEFAULT CHARACTER SET = utf8mb4
    COLLATE = utf8mb4_bin
    COMMENT = 'One row per login record of the current batch';

    -- A statement may use a temporary table once on MySQL, so that it cannot count within the table
    -- that it changes.
    DROP TEMPORARY TABLE IF EXISTS import_turns;
    CREATE TEMPORARY TABLE import_turns (
        record_number BIGINT NOT NULL COMMENT 'Number of the record in the file, from 1',
        turn BIGINT NOT NULL COMMENT 'Place among the records of the batch with its key, from 1',
        PRIMARY KEY (record_number)
    ) ENGINE = Aria TRANSACTIONAL = 0
    COMMENT = 'One row per record of the current batch that is not refused';

    DROP TEMPORARY TABLE IF EXISTS import_outcomes;
    CREATE TEMPORARY TABLE import_outcomes (
        record_number BIGINT NOT NULL COMMENT 'Number of the record in the file, from 1',
        line_number BIGINT NOT NULL COMMENT 'Line on which the record begins, from 1',
        external_id VARCHAR(64) NULL COMMENT 'Key to keep in import_keys; NULL when it is not to be',
        outcome VARCHAR(12) NULL COMMENT 'loaded, updated or duplicate',
        column_name VARCHAR(64) NULL COMMENT 'Wrong column; NULL when none or the whole record',
        reason VARCHAR(255) NULL COMMENT 'Why the record is refused; NULL when it is not',
        raw_line MEDIUMTEXT NULL COMMENT 'The record as read; NULL when it is not refused',
        PRIMARY KEY (record_number)
    )
    ENGINE = InnoDB
    DEFAULT CHARACTER SET = utf8mb4
    COLLATE = utf8mb4_bin
    COMMENT = 'One row per record of the current batch, with what became of it';

    DROP TEMPORARY TABLE IF EXISTS import_refused;
    CREATE TEMPORARY TABLE import_refused (
        line_number BIGINT NOT NULL COMMENT 'Line on which the record begins, from 1',
        column_name VARCHAR(64) NULL COMMENT 'Wrong column; NULL when the whole record is',
        reason VARCHAR(255) NOT NULL COMMENT 'Why the record is refused',
        raw_hex MEDIUMTEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL
            COMMENT 'The record as read, hexadecimal, cut at 64 KiB',
        KEY idx_import_refused_line (line_number)
    )
    ENGINE = InnoDB
    DEFAULT CHARACTER SET = utf8mb4
    COLLATE = utf8mb4_bin
    COMMENT = 'One row per record of the current batch that could not be converted';

    DROP TEMPORARY TABLE IF EXISTS import_keys;
    CREATE TEMPORARY TABLE import_keys (
        external_id VARCHAR(64) NOT NULL COMMENT 'Natural key seen in an earlier batch',
        occurrence_count BIGINT NOT NULL COMMENT 'How often it was seen',
        PRIMARY KEY (external_id)
    )
    ENGINE = InnoDB
    DEFAULT CHARACTER SET = utf8mb4
    COLLATE = utf8mb4_bin
    COMMENT = 'One row per natural key that this import has read';

    DROP TEMPORARY TABLE IF EXISTS import_new_rows;
    CREATE TEMPORARY TABLE import_new_rows (
        record_number BIGINT NOT NULL COMMENT 'Number of the record in the file',
        internal_id BIGINT NOT NULL COMMENT 'Key that its row got',
        PRIMARY KEY (record_number)
    )
    ENGINE = InnoDB
    DEFAULT CHARACTER SET = utf8mb4
    COLLATE = utf8mb4_bin
    COMMENT = 'One row per record that was inserted, until its key is noted in the staging table';

    DROP TEMPORARY TABLE IF EXISTS import_states;
    CREATE TEMPORARY TABLE import_states (
        source_status VARCHAR(40) NOT NULL COMMENT 'Status as the source writes it',
        state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
            COMMENT 'State it maps onto',
        PRIMARY KEY (source_status)
    )
    ENGINE = InnoDB
    DEFAULT CHARACTER SET = utf8mb4
    COLLATE = utf8mb4_bin
    COMMENT = 'One row per status that this import understands';

    DROP TEMPORARY TABLE IF EXISTS import_columns;
    CREATE TEMPORARY TABLE import_columns (
        target_column VARCHAR(64) NOT NULL COMMENT 'Column of a staging table',
        file_column VARCHAR(64) NOT NULL COMMENT 'Column of the file that fills it',
        PRIMARY KEY (target_column)
    )
    ENGINE = InnoDB
    DEFAULT CHARACTER SET = utf8mb4
    COLLATE = utf8mb4_bin
    COMMENT = 'One row per staged column that comes from a column of the file';
END$$
DELIMITER ;
