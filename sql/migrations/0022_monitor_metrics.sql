-- table: monitor_metrics
-- from: 83d465a9780b7fea
-- from: eea67a540484e44d
-- from: e64c9f1554ccf9d2
-- from: 2ef6012422e3adf0
-- from: bfdae74915733318
-- from: f506db2e10d626c5
-- from: 10c83f28869ca47b
-- to: 37d3c2752d7dfec3
ALTER TABLE monitor_metrics
    MODIFY COLUMN series_source ENUM (
            'payments', 'latency', 'logins', 'settlements', 'gauges', 'duplicates', 'imports'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Where it is read: payments, answers by duration, logins, settlements by the hour that they are due, samples of a state, payments that repeat another, imported counts by minute',
    MODIFY COLUMN numerator VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
        COMMENT 'Column of int_payment_minute, of imports one of monitor_minute; of latency the ms above which an answer is slow, or sla for that of the service level, or a percentile such as p95; of gauges the gauge; of duplicates the seconds within which the same again is a repetition',
    ADD COLUMN IF NOT EXISTS cause_groups SET (
            'failure', 'denial', 'reversal', 'latency', 'volume', 'settlement', 'login', 'backlog',
            'freshness', 'duplicate'
        ) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT ''
        COMMENT 'What it is about: an alert over all payments explains those of members that are about the same' AFTER fast_severity,
    DROP CONSTRAINT IF EXISTS ck_monitor_metrics_latency;
ALTER TABLE monitor_metrics
    ADD CONSTRAINT IF NOT EXISTS ck_monitor_metrics_gauge
        CHECK (series_source <> 'gauges' OR step_minutes = 1);
