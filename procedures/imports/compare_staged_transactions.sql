DELIMITER $$
CREATE OR REPLACE PROCEDURE compare_staged_transactions(
    IN in_first_record BIGINT,
    IN in_last_record BIGINT
)
    NOT DETERMINISTIC
    MODIFIES SQL DATA
    SQL SECURITY INVOKER
COMMENT 'Marks the staged payments that are in the database unchanged; part of import_transactions.
A staged NULL says nothing and so never differs.
Parameters:
    in_first_record, in_last_record: staged records
Result sets: none.
Errors: none of its own.
Transaction: joins.
Example: CALL compare_staged_transactions(1, 50000);'
BEGIN
    UPDATE import_staged_transactions AS s
    INNER JOIN transactions AS t ON t.transaction_id = s.transaction_id
    SET s.is_same = (s.account_id IS NULL OR s.account_id <=> t.account_id)
        AND (
            s.counterparty_account_id IS NULL
            OR s.counterparty_account_id <=> t.counterparty_account_id
        )
        AND (s.transaction_time IS NULL OR s.transaction_time <=> t.transaction_time)
        AND (s.transaction_amount IS NULL OR s.transaction_amount <=> t.transaction_amount)
        AND (s.currency IS NULL OR s.currency <=> t.currency)
        AND (s.base_amount IS NULL OR s.base_amount <=> t.base_amount)
        -- each dimension but all, with nothing between:
        --     AND (s.{column} IS NULL OR s.{column} <=> t.{column})
        AND (s.transaction_type IS NULL OR s.transaction_type <=> t.transaction_type)
        AND (s.merchant_category IS NULL OR s.merchant_category <=> t.merchant_category)
        AND (s.location IS NULL OR s.location <=> t.location)
        AND (s.device_type IS NULL OR s.device_type <=> t.device_type)
        AND (s.channel IS NULL OR s.channel <=> t.channel)
        AND (s.product IS NULL OR s.product <=> t.product)
        AND (s.acquirer IS NULL OR s.acquirer <=> t.acquirer)
        AND (s.card_scheme IS NULL OR s.card_scheme <=> t.card_scheme)
        AND (s.response_code IS NULL OR s.response_code <=> t.response_code)
        -- end
        AND (s.state IS NULL OR s.state <=> t.status)
        AND (s.counterparty_iban IS NULL OR s.counterparty_iban <=> t.counterparty_iban)
        AND (s.counterparty_handle IS NULL OR s.counterparty_handle <=> t.counterparty_handle)
        AND (s.title IS NULL OR s.title <=> t.title)
        AND (s.balance_after IS NULL OR s.balance_after <=> t.balance_after)
        AND (s.requested_at IS NULL OR s.requested_at <=> t.requested_at)
        AND (s.responded_at IS NULL OR s.responded_at <=> t.responded_at)
        AND (s.order_reference IS NULL OR s.order_reference <=> t.order_reference)
        AND (s.is_final_attempt IS NULL OR s.is_final_attempt <=> t.is_final_attempt)
        AND (s.idempotency_key IS NULL OR s.idempotency_key <=> t.idempotency_key)
        AND (s.source_status IS NULL OR s.source_status <=> t.source_status)
        AND (s.status_changed_at IS NULL OR s.status_changed_at <=> t.status_changed_at)
        AND (s.ingested_at IS NULL OR s.ingested_at <=> t.ingested_at)
    WHERE s.record_number BETWEEN in_first_record AND in_last_record
        AND s.reason IS NULL;
END$$
DELIMITER ;
