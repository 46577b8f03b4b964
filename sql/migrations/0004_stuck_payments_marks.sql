-- table: stuck_payments
-- from: fc156e40bc144141
-- to: 0ee6adfbef707c2a
-- A mark is no part of the payment: its foreign key locked the payment until the marks were written.
ALTER TABLE stuck_payments DROP FOREIGN KEY IF EXISTS fk_stuck_payments_transaction;
-- The comment tells why, as a new installation does.
ALTER TABLE stuck_payments MODIFY transaction_id BIGINT NOT NULL
    COMMENT 'Payment; without a foreign key, which would lock it';
