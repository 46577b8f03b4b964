DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER notification_routes_after_delete_audit
AFTER DELETE ON notification_routes
FOR EACH ROW
BEGIN
    CALL write_audit(
        'notification_route',
        OLD.route_name,
        'deleted',
        JSON_OBJECT(
            'channel_kind', OLD.channel_kind,
            'target', OLD.target,
            'channel_options', OLD.channel_options,
            'minimum_severity', OLD.minimum_severity,
            'rule_pattern', OLD.rule_pattern,
            'owner', OLD.owner,
            'is_enabled', OLD.is_enabled),
        NULL);
END$$

DELIMITER ;
