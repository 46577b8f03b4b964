DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER notification_routes_after_insert_audit
AFTER INSERT ON notification_routes
FOR EACH ROW
BEGIN
    CALL write_audit(
        'notification_route',
        NEW.route_name,
        'created',
        NULL,
        JSON_OBJECT(
            'channel_kind', NEW.channel_kind,
            'target', NEW.target,
            'channel_options', NEW.channel_options,
            'minimum_severity', NEW.minimum_severity,
            'rule_pattern', NEW.rule_pattern,
            'owner', NEW.owner,
            'is_enabled', NEW.is_enabled));
END$$

DELIMITER ;
