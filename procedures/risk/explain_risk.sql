DELIMITER $$

CREATE OR REPLACE PROCEDURE explain_risk(
    IN in_customer_id BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'Lists what makes the score of a customer as of as_of(): each event with the points that
are left of it, and an override when there is one, the heaviest first.
Errors: 30502 no such customer.
Transaction: joins.
Example: CALL explain_risk(1)'
BEGIN
    IF NOT EXISTS (SELECT 1 FROM customers AS c WHERE c.customer_id = in_customer_id) THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30502,
            MESSAGE_TEXT = 'explain_risk: the customer does not exist';
    END IF;
    SELECT
        p.rule_id,
        r.rule_name,
        r.risk_level,
        p.rule_version,
        p.occurred_at,
        p.points,
        p.remaining_points,
        p.evidence
    FROM int_risk_points AS p
    INNER JOIN rules AS r ON r.rule_id = p.rule_id
    WHERE p.customer_id = in_customer_id
    UNION ALL
    SELECT
        'override',
        'set by hand',
        NULL,
        NULL,
        o.set_at,
        o.override_score,
        o.override_score,
        o.reason
    FROM int_risk_override AS o
    WHERE o.customer_id = in_customer_id
    ORDER BY remaining_points DESC, occurred_at DESC, rule_id;
END$$

DELIMITER ;
