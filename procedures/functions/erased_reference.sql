DELIMITER $$

CREATE OR REPLACE FUNCTION erased_reference(
    in_source_name VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin,
    in_entity VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin,
    in_external_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
)
RETURNS VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin
NOT DETERMINISTIC
READS SQL DATA
COMMENT 'What stands in external_references for a key whose record was erased: a hash with the
secret of erasure_keys, so that imports know the key again and do not bring the record back.
Errors: 30704 when there is no secret.
Transaction: none'
BEGIN
    DECLARE v_secret CHAR(64) CHARACTER SET ascii COLLATE ascii_bin;
    SELECT (SELECT k.secret FROM erasure_keys AS k WHERE k.key_id = 1) INTO v_secret;
    IF v_secret IS NULL THEN
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 30704,
            MESSAGE_TEXT = 'erased_reference: erasure_keys holds no secret; deploy again';
    END IF;
    RETURN CONCAT(
        'erased-',
        LEFT(
            SHA2(CONCAT_WS('|', v_secret, in_source_name, in_entity, in_external_id, v_secret), 256),
            57));
END$$

DELIMITER ;
