DELIMITER $$

CREATE OR REPLACE PROCEDURE collect_repeated_payments(
    IN in_from DATETIME,
    IN in_to DATETIME,
    IN in_seconds INT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Fills the temporary table repeated_payments with the payments from in_from up to and
without in_to (UTC) that were not refused, and whether the same account made the same payment to
the same party at most in_seconds before. What was refused is rightly tried again. Locks no payment
under READ COMMITTED, which it sets where no transaction is open.
Helper: joins the transaction of the caller'
BEGIN
    -- REPEATABLE READ would lock every payment that is read, and the gaps between them.
    IF NOT @@in_transaction THEN
        SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    END IF;
    DROP TEMPORARY TABLE IF EXISTS repeated_payments;
    CREATE TEMPORARY TABLE repeated_payments (
        transaction_id BIGINT NOT NULL,
        metric_minute DATETIME NOT NULL,
        is_repeated TINYINT NOT NULL,
        PRIMARY KEY (transaction_id)
    )
    SELECT
        d.transaction_id,
        d.transaction_time - INTERVAL SECOND(d.transaction_time) SECOND AS metric_minute,
        COALESCE(d.pause_seconds <= in_seconds, 0) AS is_repeated
    FROM (
        SELECT
            t.transaction_id,
            t.transaction_time,
            TIMESTAMPDIFF(
                SECOND,
                LAG(t.transaction_time) OVER (
                    PARTITION BY
                        t.account_id,
                        t.transaction_type,
                        t.currency,
                        t.transaction_amount,
                        t.merchant_category,
                        t.counterparty_account_id,
                        t.counterparty_iban,
                        t.counterparty_handle
                    ORDER BY t.transaction_time, t.transaction_id
                ),
                t.transaction_time) AS pause_seconds
        FROM transactions AS t
        WHERE t.transaction_time >= in_from - INTERVAL in_seconds SECOND
            AND t.transaction_time < in_to
            AND t.status NOT IN ('failed', 'denied', 'cancelled')
    ) AS d
    WHERE d.transaction_time >= in_from;
END$$

DELIMITER ;
