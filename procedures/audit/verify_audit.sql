DELIMITER $$

CREATE OR REPLACE PROCEDURE verify_audit()
LANGUAGE SQL
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'Recomputes the chain of audit_log: an entry that was edited, removed or swapped, one that
is more than a second older than the entry before it (the clock of the server was set back, or the
entry was dated back), and an end that was cut off. A chain that was written anew from some point
is found by the heads kept elsewhere (payops audit verify).
Result: audit_id, problem; none when all is well.
Errors: none of its own.
Transaction: joins.
Example: CALL verify_audit()'
BEGIN
    SELECT
        c.audit_id,
        c.problem
    FROM (
        SELECT
            a.audit_id,
            CASE
                WHEN a.entry_hash <> audit_hash(
                    a.audit_id, a.recorded_at, a.actor, a.subject_kind, a.subject, a.audit_action,
                    a.old_values, a.new_values, a.previous_hash) THEN 'the entry was edited'
                WHEN a.audit_id <> COALESCE(LAG(a.audit_id) OVER (ORDER BY a.audit_id), 0) + 1
                    THEN 'entries before it are missing'
                WHEN a.previous_hash <> COALESCE(
                    LAG(a.entry_hash) OVER (ORDER BY a.audit_id), REPEAT('0', 64))
                    THEN 'it does not follow the entry before it'
                WHEN a.recorded_at + INTERVAL 1 SECOND
                    < LAG(a.recorded_at) OVER (ORDER BY a.audit_id)
                    THEN 'its time is before that of the entry before it'
            END AS problem
        FROM audit_log AS a
    ) AS c
    WHERE c.problem IS NOT NULL
    UNION ALL
    SELECT
        h.audit_id,
        'the end was cut off or exchanged'
    FROM audit_head AS h
    LEFT JOIN audit_log AS a ON a.audit_id = h.audit_id
    WHERE h.audit_id > 0
        AND NOT (a.entry_hash <=> h.entry_hash)
    UNION ALL
    SELECT
        MAX(a.audit_id),
        'the head is missing or behind'
    FROM audit_log AS a
    HAVING MAX(a.audit_id) > COALESCE((SELECT h.audit_id FROM audit_head AS h), 0)
    ORDER BY audit_id;
END$$

DELIMITER ;
