-- ops_freshness: freshness: how old the latest event and the latest arrival are, and how long data
-- takes to arrive.
--
-- Grain: one row per table.
-- Columns:
--   table_name            transactions, settlements, login_activity or rollups
--   last_event_at         latest event (UTC); payments of days to come are not counted
--   last_ingested_at      latest arrival (UTC)
--   event_age_seconds     as_of() - last_event_at, seconds
--   ingested_age_seconds  as_of() - last_ingested_at, seconds
--   ingest_lag_seconds    last_ingested_at - last_event_at, seconds
--   maximum_age_seconds   age of the latest event that the freshness policy allows, seconds
--   is_stale              1 when the latest event is older than that
-- NULL: ages are NULL where the table is empty or does not record the instant, the last two without
-- a freshness policy.
CREATE OR REPLACE VIEW ops_freshness AS
SELECT
    p.table_name,
    p.last_event_at,
    p.last_ingested_at,
    CAST(TIMESTAMPDIFF(SECOND, p.last_event_at, as_of()) AS SIGNED) AS event_age_seconds,
    CAST(TIMESTAMPDIFF(SECOND, p.last_ingested_at, as_of()) AS SIGNED) AS ingested_age_seconds,
    CAST(
        TIMESTAMPDIFF(SECOND, p.last_event_at, p.last_ingested_at)
    AS SIGNED) AS ingest_lag_seconds,
    CAST(s.threshold_value AS SIGNED) AS maximum_age_seconds,
    CAST(
        TIMESTAMPDIFF(SECOND, p.last_event_at, as_of()) > s.threshold_value
    AS SIGNED) AS is_stale
FROM int_table_progress AS p
LEFT JOIN sla_policies AS s
    ON s.subject = 'freshness' AND s.scope_dimension = 'all' AND s.scope_member = 'all';
