DELIMITER $$

CREATE OR REPLACE PROCEDURE create_payment_batch(
    IN in_compact BOOLEAN
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Creates the empty temporary table batch_transactions (versions of payments to apply;
members begin with =).
Parameters:
    in_compact: members as numbers of known members and amounts as 64-bit integers, which groups
        several times faster; a version that does not fit is refused with 1264 or 1265, and the
        batch is taken again without it
Helper: starts and ends no transaction'
BEGIN
    DECLARE v_columns LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

    -- Each member begins with =: a column of type ENUM reads a text of digits that is not one of
    -- its members as the number of a member, without a word ('14' became the fourteenth).
    -- A dimension with very many members stays text: an ENUM is searched from its start, and a
    -- table definition holds 64 KB of names. Nor may a short group_concat_max_len cut the list.
    SET STATEMENT group_concat_max_len = 1000000 FOR
    SELECT GROUP_CONCAT(
        CONCAT(
            d.dimension,
            IF(
                in_compact AND COALESCE(m.name_bytes, 0) <= 4000,
                CONCAT(' ENUM (', COALESCE(m.names, '''=(none)'''), ')'),
                ' VARCHAR(65)'),
            ' CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL')
        ORDER BY d.sort_order)
    INTO v_columns
    FROM (
        -- each dimension but all, with UNION ALL between:
        --     SELECT {place} AS sort_order, '{name}' AS dimension
        SELECT 1 AS sort_order, 'transaction_type' AS dimension
        UNION ALL
        SELECT 2 AS sort_order, 'merchant_category' AS dimension
        UNION ALL
        SELECT 3 AS sort_order, 'location' AS dimension
        UNION ALL
        SELECT 4 AS sort_order, 'device_type' AS dimension
        UNION ALL
        SELECT 5 AS sort_order, 'channel' AS dimension
        UNION ALL
        SELECT 6 AS sort_order, 'product' AS dimension
        UNION ALL
        SELECT 7 AS sort_order, 'acquirer' AS dimension
        UNION ALL
        SELECT 8 AS sort_order, 'card_scheme' AS dimension
        UNION ALL
        SELECT 9 AS sort_order, 'response_code' AS dimension
        -- end
    ) AS d
    LEFT JOIN (
        SELECT
            r.dimension,
            SUM(OCTET_LENGTH(r.member) + 2) AS name_bytes,
            GROUP_CONCAT(QUOTE(CONCAT('=', r.member)) ORDER BY r.member) AS names
        FROM rollup_members AS r
        GROUP BY r.dimension
    ) AS m ON m.dimension = d.dimension;

    -- Aria: a MEMORY table is full at 22,000 rows of the default size, InnoDB writes undo and redo.
    DROP TEMPORARY TABLE IF EXISTS batch_transactions;
    EXECUTE IMMEDIATE CONCAT('
        CREATE TEMPORARY TABLE batch_transactions (
            change_id BIGINT NOT NULL,
            change_sign TINYINT NOT NULL,
            account_id BIGINT NOT NULL,
            minute_number INT NOT NULL COMMENT ''minutes since 1000-01-01 00:00 UTC'',
            status ENUM (
                -- each state, in rows: ''{state}''
                ''created'', ''pending'', ''authorized'', ''completed'', ''failed'', ''denied'',
                ''cancelled'', ''reversed'', ''refunded'', ''charged_back''
                -- end
            ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
            signed_units ', IF(in_compact, 'BIGINT', 'DECIMAL(23,0)'),
            ' NOT NULL COMMENT ''amount in 1/10000 of the base currency'',
            unconverted TINYINT NOT NULL,
            answered TINYINT NOT NULL,
            signed_duration INT NOT NULL,
            latency_bin SMALLINT NULL,
            final_attempt TINYINT NOT NULL,
            ingested_at DATETIME NOT NULL,
            ', v_columns, '
        ) ENGINE = Aria TRANSACTIONAL = 0');
END$$

DELIMITER ;
