-- monitor_series: what the monitor observed, what it expected, and how it judged, by series and
-- minute.
--
-- Grain: one row per metric, member and step.
-- Time axis: metric_minute, filter it together with metric_name and member
-- Note: steps without payments have no row when the metric is a share. Kept as long as minutes of
-- dimensions are (setting detail_days).
-- Columns:
--   metric_name       metric
--   member            member of its dimension, all for no split
--   metric_minute     first minute of the step (UTC)
--   observed_value    what was observed: a share, count or amount
--   event_count       events that the value is a share of
--   expected_value    what the baseline lets expect
--   lower_value       least value that is normal
--   upper_value       greatest value that is normal
--   score             departure in standard units of the detector
--   chance            probability of such a departure by chance
--   sample_size       points that the baseline rests on
--   verdict           normal, anomalous or no_verdict
--   reason            why there is no verdict
--   corrected_chance  chance, corrected for the members of the metric that were judged with it
-- NULL: observed_value for nothing; event_count of a count or amount; expectation, bounds, score
-- and both chances where the detector has none; reason with a verdict.
CREATE OR REPLACE VIEW monitor_series AS
SELECT
    p.metric_name,
    p.member,
    p.metric_minute,
    p.observed_value,
    p.event_count,
    p.expected_value,
    p.lower_value,
    p.upper_value,
    p.score,
    p.chance,
    p.sample_size,
    p.verdict,
    p.reason,
    p.corrected_chance
FROM monitor_points AS p;
