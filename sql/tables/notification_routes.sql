CREATE TABLE IF NOT EXISTS notification_routes (
    route_name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'Route',
    channel_kind ENUM (
            'webhook', 'alertmanager', 'slack', 'pagerduty', 'email', 'log'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'How it tells',
    target VARCHAR(500) NOT NULL COMMENT 'URL, mail address or path; no secret',
    channel_options LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '{}'
        COMMENT 'JSON: secret_file, ca_file, allowed_networks and what else the kind takes',
    minimum_severity ENUM ('INFO', 'WARNING', 'CRITICAL', 'SEVERE')
        CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'WARNING'
        COMMENT 'Least severity that it tells of',
    rule_pattern VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '%'
        COMMENT 'Rules that it tells of, as in LIKE',
    owner VARCHAR(64) NULL COMMENT 'Tells only of alerts of this owner; NULL for all',
    calendar_name VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Calendar whose days and clock count; NULL for always',
    on_days ENUM ('all', 'business', 'closed') CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        DEFAULT 'all' COMMENT 'Days of the calendar on which it tells',
    from_time TIME NOT NULL DEFAULT '00:00:00' COMMENT 'Local time of day from which it tells',
    to_time TIME NOT NULL DEFAULT '24:00:00' COMMENT 'Local time of day until which it tells',
    after_seconds INT UNSIGNED NOT NULL DEFAULT 0
        COMMENT 'Tells of alerts that fire unacknowledged for so long: an escalation',
    group_seconds INT UNSIGNED NOT NULL DEFAULT 30
        COMMENT 'How long alerts of one rule are gathered before they are told of',
    repeat_seconds INT UNSIGNED NOT NULL DEFAULT 0
        COMMENT 'After which time it reminds of what still fires unacknowledged; 0 for never',
    tells_resolved TINYINT(1) NOT NULL DEFAULT 1
        COMMENT '1 when it also tells of the end of what it told of',
    is_enabled TINYINT(1) NOT NULL DEFAULT 1 COMMENT '1 when it is in use',
    PRIMARY KEY (route_name),
    CONSTRAINT fk_notification_routes_calendar FOREIGN KEY (calendar_name)
        REFERENCES calendars (calendar_name),
    CONSTRAINT ck_notification_routes_options CHECK (JSON_VALID(channel_options)),
    CONSTRAINT ck_notification_routes_hours CHECK (to_time > from_time),
    CONSTRAINT ck_notification_routes_days CHECK (on_days = 'all' OR calendar_name IS NOT NULL)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per way of telling people of alerts';
