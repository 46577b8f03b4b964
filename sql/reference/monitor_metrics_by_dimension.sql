-- Metrics of states and of the parts of each dimension; a deployment leaves the rows that you
-- changed. Those that are switched off wait for whoever wants them: each member of each is a series
-- more that is judged every minute.
INSERT INTO monitor_metrics (
    metric_name,
    description,
    series_source,
    dimension,
    numerator,
    denominator,
    step_minutes,
    detector,
    detector_parameters,
    fast_evidence,
    cause_groups,
    is_enabled
)
SELECT
    r.metric_name,
    r.description,
    'payments',
    'all',
    r.numerator,
    'attempt_count',
    1,
    'beta_binomial_rate',
    CONCAT(
        '{"direction": "', r.direction,
        '", "weight": 0.0002, "minimum_effect": 0.05, "accept_after": 240}'),
    8,
    r.cause_groups,
    0
FROM (
    SELECT
        'technical_decline_rate' AS metric_name,
        'answers of the network that are technical declines' AS description,
        'failed_count' AS numerator,
        'above' AS direction,
        'failure' AS cause_groups
    UNION ALL
    SELECT
        'business_decline_rate',
        'answers of the network that are business declines',
        'denied_count',
        'above',
        'denial'
    UNION ALL
    SELECT
        'authorization_rate',
        'answers of the network that are approvals',
        'approved_count',
        'below',
        'failure,denial'
) AS r
ON DUPLICATE KEY UPDATE
    description = VALUES(description);

INSERT INTO monitor_metrics (
    metric_name,
    description,
    series_source,
    dimension,
    numerator,
    step_minutes,
    detector,
    detector_parameters,
    cause_groups,
    is_enabled
) VALUES (
    'value', 'amount of payments', 'payments', 'all', 'total_amount', 60, 'seasonal',
    '{"direction": "below", "sigmas": 4, "accept_after": 48, "minimum_sample": 168}', 'volume', 0)
ON DUPLICATE KEY UPDATE
    description = VALUES(description);

INSERT INTO monitor_metrics (
    metric_name,
    description,
    series_source,
    dimension,
    numerator,
    denominator,
    step_minutes,
    detector,
    detector_parameters,
    fast_evidence,
    cause_groups,
    is_enabled
)
SELECT
    CONCAT(m.metric_name, '_by_', d.short_name),
    CONCAT(m.description, ', by ', d.in_words),
    m.series_source,
    d.dimension,
    m.numerator,
    m.denominator,
    m.step_minutes,
    m.detector,
    REPLACE(m.detector_parameters, '"minimum_effect": 0.02', '"minimum_effect": 0.05'),
    m.fast_evidence,
    m.cause_groups,
    0
FROM monitor_metrics AS m
CROSS JOIN (
    SELECT 'channel' AS dimension, 'channel' AS short_name, 'channel' AS in_words
    UNION ALL
    SELECT 'product', 'product', 'product'
    UNION ALL
    SELECT 'acquirer', 'acquirer', 'acquirer'
    UNION ALL
    SELECT 'card_scheme', 'scheme', 'card scheme'
    UNION ALL
    SELECT 'location', 'location', 'location'
    UNION ALL
    SELECT 'transaction_type', 'type', 'type of payment'
) AS d
WHERE m.metric_name IN (
    'failed_rate', 'denied_rate', 'reversed_rate', 'technical_decline_rate',
    'business_decline_rate', 'authorization_rate', 'volume', 'value')
ON DUPLICATE KEY UPDATE
    metric_name = VALUES(metric_name);

INSERT INTO monitor_metrics (
    metric_name,
    description,
    series_source,
    dimension,
    numerator,
    denominator,
    step_minutes,
    detector,
    detector_parameters,
    cause_groups,
    is_enabled
) VALUES
    (
        'latency_p95', 'milliseconds within which 95 of 100 answers come', 'latency', 'all', 'p95',
        NULL, 15, 'seasonal',
        '{"direction": "above", "sigmas": 5, "minimum_effect": 200, "minimum_sample": 672}',
        'latency', 0),
    (
        'latency_p99', 'milliseconds within which 99 of 100 answers come', 'latency', 'all', 'p99',
        NULL, 60, 'seasonal',
        '{"direction": "above", "sigmas": 5, "minimum_effect": 500, "minimum_sample": 168}',
        'latency', 0),
    (
        'sla_breach_rate', 'answers that took longer than the service level', 'latency', 'all',
        'sla', 'answered', 5, 'beta_binomial_rate',
        '{"direction": "above", "weight": 0.0002, "minimum_effect": 0.05, "accept_after": 480}',
        'latency', 0),
    (
        'sla_breach_rate_by_type', 'answers that took longer than the service level of their type',
        'latency', 'transaction_type', 'sla', 'answered', 60, 'beta_binomial_rate',
        '{"direction": "above", "weight": 0.002, "minimum_effect": 0.05, "accept_after": 96}',
        'latency', 0),
    (
        'slow_rate_by_acquirer', 'answers over an acquirer that took more than two seconds',
        'latency', 'acquirer', '2000', 'answered', 60, 'beta_binomial_rate',
        '{"direction": "above", "weight": 0.002, "minimum_effect": 0.05, "accept_after": 96}',
        'latency', 0),
    (
        'slow_rate_by_scheme', 'answers of a card scheme that took more than two seconds',
        'latency', 'card_scheme', '2000', 'answered', 60, 'beta_binomial_rate',
        '{"direction": "above", "weight": 0.002, "minimum_effect": 0.05, "accept_after": 96}',
        'latency', 0),
    (
        'slow_rate_by_type', 'answers of a type of payment that took more than two seconds',
        'latency', 'transaction_type', '2000', 'answered', 60, 'beta_binomial_rate',
        '{"direction": "above", "weight": 0.002, "minimum_effect": 0.05, "accept_after": 96}',
        'latency', 0),
    (
        'open_age', 'age of the oldest payment in a state, as a share of what is allowed',
        'gauges', 'state', 'open_age_ratio', NULL, 1, 'fixed_limits',
        '{"direction": "above", "upper": 1}', 'backlog', 1),
    (
        'open_count', 'payments in a state that waits for something', 'gauges', 'state',
        'open_count', NULL, 1, 'seasonal',
        '{"direction": "above", "sigmas": 6, "minimum_sample": 2880, "minimum_effect": 10}',
        'backlog', 0),
    (
        'open_amount', 'amount of payments in a state that waits for something', 'gauges', 'state',
        'open_amount', NULL, 1, 'seasonal',
        '{"direction": "above", "sigmas": 6, "minimum_sample": 2880}', 'backlog', 0),
    (
        'overdue_settlements', 'settlements of a rail past due', 'gauges', 'rail', 'overdue_count',
        NULL, 1, 'seasonal',
        '{"direction": "above", "sigmas": 6, "minimum_sample": 2880, "minimum_effect": 10}',
        'settlement', 0),
    (
        'freshness', 'age of the latest rows, as a share of what is allowed', 'gauges', 'table',
        'age_ratio', NULL, 1, 'fixed_limits', '{"direction": "above", "upper": 1}', 'freshness',
        1)
ON DUPLICATE KEY UPDATE
    description = VALUES(description);

-- What other systems counted, by source. The change looked for is that from which the metrics of
-- live payments count a departure. They have no cause in common with live payments.
INSERT INTO monitor_metrics (
    metric_name,
    description,
    series_source,
    dimension,
    numerator,
    denominator,
    step_minutes,
    detector,
    detector_parameters,
    fast_evidence,
    fast_severity
) VALUES
    (
        'imported_failed_rate', 'imported payments that failed for technical reasons', 'imports',
        'source', 'failed_count', 'total_count', 1, 'beta_binomial_rate',
        '{"direction": "above", "weight": 0.0002, "minimum_effect": 0.005, "accept_after": 240,
            "shift": 0.02}', 7, 'WARNING'),
    (
        'imported_denied_rate', 'imported payments that were denied for business reasons',
        'imports', 'source', 'denied_count', 'total_count', 1, 'beta_binomial_rate',
        '{"direction": "above", "weight": 0.0002, "minimum_effect": 0.02, "accept_after": 240,
            "shift": 0.05}', 7, 'CRITICAL'),
    (
        'imported_reversed_rate', 'imported payments that were reversed', 'imports', 'source',
        'reversed_count', 'total_count', 1, 'beta_binomial_rate',
        '{"direction": "above", "weight": 0.0002, "minimum_effect": 0.005, "accept_after": 240,
            "shift": 0.02}', 7, 'WARNING')
ON DUPLICATE KEY UPDATE
    description = VALUES(description);
