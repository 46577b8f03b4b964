DELIMITER $$

CREATE OR REPLACE FUNCTION audit_hash(
    in_audit_id BIGINT,
    in_recorded_at DATETIME(6),
    in_actor VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    in_subject_kind VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin,
    in_subject VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    in_action VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    in_old_values VARCHAR(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    in_new_values VARCHAR(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci,
    in_previous_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin
)
RETURNS CHAR(64) CHARACTER SET ascii COLLATE ascii_bin
DETERMINISTIC
NO SQL
COMMENT 'SHA-256 of an entry of audit_log, hexadecimal: each value with its length in bytes and a
colon before it, NULL as -, so that no text can be moved from one value to the next'
BEGIN
    RETURN SHA2(
        CONCAT(
            CONCAT(LENGTH(in_previous_hash), ':', in_previous_hash),
            CONCAT(LENGTH(in_audit_id), ':', in_audit_id),
            CONCAT(LENGTH(in_recorded_at), ':', in_recorded_at),
            CONCAT(LENGTH(in_actor), ':', in_actor),
            CONCAT(LENGTH(in_subject_kind), ':', in_subject_kind),
            CONCAT(LENGTH(in_subject), ':', in_subject),
            CONCAT(LENGTH(in_action), ':', in_action),
            COALESCE(CONCAT(LENGTH(in_old_values), ':', in_old_values), '-'),
            COALESCE(CONCAT(LENGTH(in_new_values), ':', in_new_values), '-')),
        256);
END$$

DELIMITER ;
