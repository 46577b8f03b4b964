DELIMITER $$

CREATE OR REPLACE PROCEDURE compare_rollup(
    IN in_rollup VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_keys VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_source VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_found VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Writes into the temporary table rollup_differences every key of in_rollup whose columns
differ from what they must be, by its row in the temporary table rollup_shapes.
Parameters:
    in_keys: expressions for the primary key over in_source
    in_source: table (and condition) whose columns of the same names say what must be
    in_found: condition on the rows of in_rollup to compare
Helper: joins the transaction of the caller'
BEGIN
    DECLARE v_keys TEXT CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_measures TEXT CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_negated TEXT CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_sums TEXT CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_names TEXT CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_differs TEXT CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_count VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin;

    SELECT
        r.key_columns,
        r.measures,
        r.negated_measures,
        r.summed_measures,
        r.different_names,
        r.is_different
    INTO v_keys, v_measures, v_negated, v_sums, v_names, v_differs
    FROM rollup_shapes AS r
    WHERE r.rollup_name = in_rollup;
    SET v_count = SUBSTRING_INDEX(v_measures, ',', 1);

    EXECUTE IMMEDIATE CONCAT('
        INSERT INTO rollup_differences
        SELECT
            ', QUOTE(in_rollup), ',
            ', CASE
                WHEN FIND_IN_SET('dimension', v_keys) THEN 'x.dimension'
                WHEN FIND_IN_SET('rail', v_keys) THEN '''rail'''
                WHEN FIND_IN_SET('account_id', v_keys) THEN '''account'''
                WHEN FIND_IN_SET('customer_id', v_keys) THEN '''customer'''
                ELSE '''all'''
            END, ',
            ', CASE
                WHEN FIND_IN_SET('metric_minute', v_keys) THEN 'x.metric_minute'
                WHEN FIND_IN_SET('metric_hour', v_keys) THEN 'x.metric_hour'
                WHEN FIND_IN_SET('metric_date', v_keys) THEN 'x.metric_date'
                WHEN FIND_IN_SET('activity_date', v_keys) THEN 'x.activity_date'
                WHEN FIND_IN_SET('due_hour', v_keys) THEN 'x.due_hour'
                WHEN FIND_IN_SET('due_date', v_keys) THEN 'x.due_date'
                WHEN FIND_IN_SET('login_hour', v_keys) THEN 'x.login_hour'
                ELSE 'NULL'
            END, ',
            ', CASE
                WHEN FIND_IN_SET('member', v_keys) THEN 'x.member'
                WHEN FIND_IN_SET('rail', v_keys) THEN 'x.rail'
                WHEN FIND_IN_SET('account_id', v_keys) THEN 'x.account_id'
                WHEN FIND_IN_SET('customer_id', v_keys) THEN 'x.customer_id'
                ELSE '''all'''
            END, ',
            ', CASE
                WHEN FIND_IN_SET('latency_bin', v_keys) THEN 'x.latency_bin'
                WHEN FIND_IN_SET('delay_bin', v_keys) THEN 'x.delay_bin'
                WHEN FIND_IN_SET('amount_bin', v_keys) THEN 'x.amount_bin'
                ELSE 'NULL'
            END, ',
            x.expected_count,
            x.expected_count - x.', v_count, ',
            CONCAT_WS('', '', ', v_names, ')
        FROM (
            SELECT
                ', v_keys, ',
                SUM(IF(u.is_expected = 1, u.', v_count, ', 0)) AS expected_count,
                ', v_sums, '
            FROM (
                SELECT 1 AS is_expected, ', v_keys, ', ', v_measures, '
                FROM (SELECT ', in_keys, ', ', v_measures, ' FROM ', in_source, ') AS e
                UNION ALL
                SELECT 0, ', v_keys, ', ', v_negated, '
                FROM ', in_rollup, '
                WHERE ', in_found, '
            ) AS u
            GROUP BY ', v_keys, '
        ) AS x
        WHERE ', v_differs);
END$$

DELIMITER ;
