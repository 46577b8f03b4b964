DELIMITER $$

CREATE OR REPLACE PROCEDURE explain_risk(
    IN in_customer_id BIGINT
)
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'Lists what makes the score of a customer as of as_of(): each event with the points that
are left of it and what of them counts, and an override when there is one, the heaviest first. The
hits of a rule count together as much as one fresh hit, or the setting risk_rule_cap_hits times
that; the score is the sum of counted_points, at most 100, or the override.
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
        CAST(
            COALESCE(p.remaining_points * q.counted_points / NULLIF(q.remaining_points, 0), 0)
        AS DECIMAL(9, 4)) AS counted_points,
        p.evidence
    FROM int_risk_points AS p
    INNER JOIN int_risk_rule_points AS q
        ON q.customer_id = p.customer_id AND q.rule_id = p.rule_id
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
        o.override_score,
        o.reason
    FROM int_risk_override AS o
    WHERE o.customer_id = in_customer_id
    ORDER BY remaining_points DESC, occurred_at DESC, rule_id;
END$$

DELIMITER ;
