CREATE TABLE IF NOT EXISTS monitor_metrics (
    metric_name VARCHAR(48) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Metric; its alerts have the rule monitor_ and this name',
    description VARCHAR(160) NOT NULL COMMENT 'What it says, in words',
    series_source ENUM (
            'payments', 'latency', 'logins', 'settlements', 'gauges', 'duplicates', 'imports'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Where it is read: payments, answers by duration, logins, settlements by the hour that they are due, samples of a state, payments that repeat another, imported counts by minute',
    dimension VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'all'
        COMMENT 'Dimension whose members are watched one by one; all for no split',
    numerator VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Column of int_payment_minute, of imports one of monitor_minute; of latency the ms above which an answer is slow, or a percentile such as p95; of gauges the gauge; of duplicates the seconds within which the same again is a repetition',
    denominator VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Column of which the numerator is a share; NULL for a plain count or amount',
    step_minutes SMALLINT UNSIGNED NOT NULL DEFAULT 1 COMMENT 'Minutes that are judged at once',
    detector VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Detector, as docs/detection.md lists them',
    detector_parameters VARCHAR(500) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '{}'
        COMMENT 'JSON: parameters of the detector, and direction',
    calendar_name VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL
        COMMENT 'Calendar whose holidays seasons know; NULL for the days of the week alone',
    info_minutes SMALLINT UNSIGNED NOT NULL DEFAULT 15
        COMMENT 'Minutes after which what goes on is INFO',
    warning_minutes SMALLINT UNSIGNED NOT NULL DEFAULT 30 COMMENT 'Minutes after which it is WARNING',
    critical_minutes SMALLINT UNSIGNED NOT NULL DEFAULT 45
        COMMENT 'Minutes after which it is CRITICAL',
    severe_minutes SMALLINT UNSIGNED NOT NULL DEFAULT 60 COMMENT 'Minutes after which it is SEVERE',
    clear_minutes SMALLINT UNSIGNED NOT NULL DEFAULT 10
        COMMENT 'Quiet minutes after which it is over',
    gap_is_quiet TINYINT(1) NOT NULL DEFAULT 0
        COMMENT '1 when a minute without payments counts as quiet; 0 when it says nothing',
    fast_evidence DECIMAL(6,2) NULL
        COMMENT 'Evidence, in powers of ten against chance, that fires without waiting; NULL for never',
    fast_severity ENUM ('INFO', 'WARNING', 'CRITICAL', 'SEVERE')
        CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'CRITICAL'
        COMMENT 'Severity of what fires so',
    cause_groups SET (
            'failure', 'denial', 'reversal', 'latency', 'volume', 'settlement', 'login', 'backlog',
            'freshness', 'duplicate'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT ''
        COMMENT 'What it is about: an alert over all payments explains those of members that are about the same',
    owner VARCHAR(64) NULL COMMENT 'Team or person whose alerts these are; NULL for nobody',
    is_enabled TINYINT(1) NOT NULL DEFAULT 1 COMMENT '1 when it is watched',
    PRIMARY KEY (metric_name),
    CONSTRAINT fk_monitor_metrics_calendar FOREIGN KEY (calendar_name)
        REFERENCES calendars (calendar_name),
    CONSTRAINT ck_monitor_metrics_parameters CHECK (JSON_VALID(detector_parameters)),
    CONSTRAINT ck_monitor_metrics_step CHECK (step_minutes BETWEEN 1 AND 1440),
    CONSTRAINT ck_monitor_metrics_gauge CHECK (series_source <> 'gauges' OR step_minutes = 1),
    CONSTRAINT ck_monitor_metrics_ladder CHECK (
        info_minutes <= warning_minutes
        AND warning_minutes <= critical_minutes
        AND critical_minutes <= severe_minutes)
)
ENGINE = InnoDB
DEFAULT CHARACTER SET = utf8mb4
COLLATE = utf8mb4_general_ci
COMMENT = 'One row per metric that the monitor watches, for every member of its dimension';
