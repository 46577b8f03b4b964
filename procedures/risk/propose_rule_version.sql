DELIMITER $$

CREATE OR REPLACE PROCEDURE propose_rule_version(
    IN in_rule_id VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    IN in_parameters VARCHAR(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    IN in_points DECIMAL(5,2),
    OUT out_rule_version INT
)
LANGUAGE SQL
NOT DETERMINISTIC
MODIFIES SQL DATA
COMMENT 'Makes a draft of a rule from its newest version, with other parameters.
Parameters:
    in_parameters: JSON object of names and numbers, such as {"minimum_count": 4}; names that the
        rule does not have are refused, and numbers outside of the range of their unit: shares are 0
        to 1, other numbers not negative; the maximum_share of what passes through may be greater
    in_points: NULL for those of before
Errors: 30014 a setting of the session, 30002 argument, 30503 no such rule.
Transaction: joins.
Example: CALL propose_rule_version(''A03'', ''{"minimum_count": 4}'', NULL, @version)'
BEGIN
    DECLARE v_source INT;
    DECLARE v_outside VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin;
    DECLARE v_message VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

    CALL check_session(TRUE);
    SELECT MAX(v.rule_version)
    INTO v_source
    FROM rule_versions AS v
    WHERE v.rule_id = in_rule_id;
    IF v_source IS NULL THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30503,
            MESSAGE_TEXT = 'propose_rule_version: the rule does not exist';
    END IF;
    IF NOT JSON_VALID(COALESCE(in_parameters, '{}')) OR in_points NOT BETWEEN 0 AND 100 THEN
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'propose_rule_version: the parameters are no JSON object, or the points not 0 to 100';
    END IF;
    SET out_rule_version = v_source + 1;

    INSERT INTO rule_versions (
        rule_id,
        rule_version,
        version_state,
        points,
        half_life_days,
        expiry_days,
        proposed_by,
        proposed_at
    )
    SELECT
        v.rule_id,
        out_rule_version,
        'draft',
        COALESCE(in_points, v.points),
        v.half_life_days,
        v.expiry_days,
        acting_person(),
        UTC_TIMESTAMP()
    FROM rule_versions AS v
    WHERE v.rule_id = in_rule_id
        AND v.rule_version = v_source;
    INSERT INTO rule_parameters (
        rule_id,
        rule_version,
        parameter_name,
        parameter_value,
        unit
    )
    SELECT
        p.rule_id,
        out_rule_version,
        p.parameter_name,
        -- JSON_VALUE with any path, which MySQL takes as a literal only.
        COALESCE(
            IF(
                JSON_TYPE(JSON_EXTRACT(in_parameters, CONCAT('$.', p.parameter_name)))
                    IN ('NULL', 'OBJECT', 'ARRAY'),
                NULL,
                JSON_UNQUOTE(JSON_EXTRACT(in_parameters, CONCAT('$.', p.parameter_name)))),
            p.parameter_value),
        p.unit
    FROM rule_parameters AS p
    WHERE p.rule_id = in_rule_id
        AND p.rule_version = v_source;
    IF JSON_LENGTH(COALESCE(in_parameters, '{}')) <> (
        SELECT COUNT(*)
        FROM rule_parameters AS p
        WHERE p.rule_id = in_rule_id
            AND p.rule_version = out_rule_version
            AND JSON_CONTAINS_PATH(
                COALESCE(in_parameters, '{}'), 'one', CONCAT('$.', p.parameter_name))
    ) THEN
        -- Not a half-made draft in the transaction of the caller.
        DELETE FROM rule_parameters
        WHERE rule_id = in_rule_id AND rule_version = out_rule_version;
        DELETE FROM rule_versions
        WHERE rule_id = in_rule_id AND rule_version = out_rule_version;
        SET out_rule_version = NULL;
        SIGNAL SQLSTATE '45000' SET
            MYSQL_ERRNO = 30002,
            MESSAGE_TEXT = 'propose_rule_version: the rule has no parameter of such a name';
    END IF;
    SELECT MIN(p.parameter_name)
    INTO v_outside
    FROM rule_parameters AS p
    WHERE p.rule_id = in_rule_id
        AND p.rule_version = out_rule_version
        AND JSON_CONTAINS_PATH(
            COALESCE(in_parameters, '{}'), 'one', CONCAT('$.', p.parameter_name))
        AND (
            p.parameter_value < 0
            -- What an account passes on may be more than it received.
            OR (
                p.unit = 'share' AND p.parameter_value > 1 AND p.parameter_name <> 'maximum_share')
        );
    IF v_outside IS NOT NULL THEN
        SET v_message = (
            SELECT CONCAT(
                'propose_rule_version: ', v_outside,
                IF(p.unit = 'share' AND v_outside <> 'maximum_share',
                    ' is a share from 0 to 1, not ', ' is a number from 0 on, not '),
                TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM p.parameter_value)))
            FROM rule_parameters AS p
            WHERE p.rule_id = in_rule_id
                AND p.rule_version = out_rule_version
                AND p.parameter_name = v_outside
        );
        DELETE FROM rule_parameters
        WHERE rule_id = in_rule_id AND rule_version = out_rule_version;
        DELETE FROM rule_versions
        WHERE rule_id = in_rule_id AND rule_version = out_rule_version;
        SET out_rule_version = NULL;
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30002, MESSAGE_TEXT = v_message;
    END IF;
END$$

DELIMITER ;
