-- backlog_history_hour: how much was open in each hour: payments by state, settlements by rail, as
-- the job sample_backlog found them.
--
-- Grain: one row per stock, hour and member.
-- Time axis: sample_hour, filter it together with stock and member
-- Note: an hour without a sample has no row: what was open then cannot be known later. Kept as long
-- as the setting history_days_backlog says.
-- Columns:
--   stock               payment or settlement
--   sample_hour         hour of the sample (UTC)
--   member              state of payments, rail of settlements
--   open_count          payments or settlements in it
--   open_amount         their amount, base currency
--   over_age_count      of these, longer in the state than allowed, or past due
--   over_age_amount     their amount, base currency
--   over_age_ratio      over_age_count / open_count
--   oldest_at           time of the oldest attempt (UTC)
--   oldest_age_seconds  its age at that time, seconds
--   sampled_at          when the sample was taken (UTC)
-- NULL: over_age_ratio and oldest_age_seconds of nothing; oldest_at and oldest_age_seconds of
-- settlements.
CREATE OR REPLACE VIEW backlog_history_hour AS
SELECT
    b.stock,
    b.sample_hour,
    b.member,
    b.open_count,
    b.open_amount,
    b.over_age_count,
    b.over_age_amount,
    CAST(
        1.000000 * b.over_age_count
        / NULLIF(b.open_count, 0)
    AS DECIMAL(9, 6)) AS over_age_ratio,
    b.oldest_at,
    CAST(TIMESTAMPDIFF(SECOND, b.oldest_at, b.sampled_at) AS SIGNED) AS oldest_age_seconds,
    b.sampled_at
FROM backlog_samples AS b;
