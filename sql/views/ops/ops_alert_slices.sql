-- ops_alert_slices: where the problem of an alert of the monitor lies: the members of other
-- dimensions that contribute most to it.
--
-- Grain: one row per alert and contributing member, at most five an alert.
-- Columns:
--   alert_id         alert
--   slice_number     1 for the one that stands out most from its part of the payments
--   dimension        dimension
--   member           member of it
--   observed_count   what the metric counted of the member
--   event_count      payments that it is a share of, or all for a count
--   expected_count   what was to be expected
--   explained_share  its part of the departure; parts of a dimension add up to 1
--   event_share      its part of the payments
-- NULL: event_share without payments.
CREATE OR REPLACE VIEW ops_alert_slices AS
SELECT
    s.alert_id,
    s.slice_number,
    s.dimension,
    s.member,
    s.observed_count,
    s.event_count,
    s.expected_count,
    s.explained_share,
    s.event_share
FROM alert_slices AS s;
