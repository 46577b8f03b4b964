DELIMITER $$

CREATE OR REPLACE PROCEDURE learn_rollup_members()
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Adds the members in delta_metric_hour that rollup_members lacks, so that the next batch
can be compact.
Helper: joins the transaction of the caller, who holds rollup_state'
BEGIN
    INSERT IGNORE INTO rollup_members (
        dimension,
        member
    )
    SELECT DISTINCT
        d.dimension,
        d.member
    FROM delta_metric_hour AS d
    WHERE d.dimension <> 'all';
END$$

DELIMITER ;
