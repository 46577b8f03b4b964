DELIMITER $$

-- Written by scripts/catalogue from sql/catalogue.
CREATE OR REPLACE TRIGGER notification_routes_after_update_audit
AFTER UPDATE ON notification_routes
FOR EACH ROW
BEGIN
    IF NOT (
        NEW.channel_kind <=> OLD.channel_kind
        AND NEW.target <=> OLD.target
        AND NEW.channel_options <=> OLD.channel_options
        AND NEW.minimum_severity <=> OLD.minimum_severity
        AND NEW.rule_pattern <=> OLD.rule_pattern
        AND NEW.owner <=> OLD.owner
        AND NEW.is_enabled <=> OLD.is_enabled
    ) THEN
        CALL write_audit(
            'notification_route',
            NEW.route_name,
            'changed',
            JSON_OBJECT(
                'channel_kind', OLD.channel_kind,
                'target', OLD.target,
                'channel_options', OLD.channel_options,
                'minimum_severity', OLD.minimum_severity,
                'rule_pattern', OLD.rule_pattern,
                'owner', OLD.owner,
                'is_enabled', OLD.is_enabled),
            JSON_OBJECT(
                'channel_kind', NEW.channel_kind,
                'target', NEW.target,
                'channel_options', NEW.channel_options,
                'minimum_severity', NEW.minimum_severity,
                'rule_pattern', NEW.rule_pattern,
                'owner', NEW.owner,
                'is_enabled', NEW.is_enabled));
    END IF;
END$$

DELIMITER ;
