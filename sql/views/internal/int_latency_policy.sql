-- int_latency_policy: the latency policies with their target T as bins of the histogram.
--
-- Grain: one row per dimension and member with a policy.
-- Note: grouped, so that the server computes the bins once and not for each row that it joins.
-- Columns:
--   scope_dimension  dimension of the policy, all for every payment
--   scope_member     member of the dimension
--   target_bin       histogram bin of the target T
--   tolerable_bin    histogram bin of 4 T
-- NULL: no column is NULL.
CREATE OR REPLACE VIEW int_latency_policy AS
SELECT
    p.scope_dimension,
    p.scope_member,
    MAX(CEIL(LN(p.threshold_value) / LN(1.05 / 0.95))) AS target_bin,
    MAX(CEIL(LN(4 * p.threshold_value) / LN(1.05 / 0.95))) AS tolerable_bin
FROM sla_policies AS p
WHERE p.subject = 'latency'
GROUP BY p.scope_dimension, p.scope_member;
