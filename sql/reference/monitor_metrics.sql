-- Metrics of the monitor; a deployment leaves the rows that you changed.
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
    cause_groups
) VALUES
    (
        'failed_rate', 'payments that failed for technical reasons', 'payments', 'all',
        'failed_count', 'total_count', 1, 'beta_binomial_rate',
        '{"direction": "above", "weight": 0.0002, "minimum_effect": 0.02, "accept_after": 240}', 8,
        'failure'),
    (
        'failed_rate_by_acquirer', 'payments over an acquirer that failed', 'payments', 'acquirer',
        'failed_count', 'total_count', 1, 'beta_binomial_rate',
        '{"direction": "above", "weight": 0.0002, "minimum_effect": 0.05, "accept_after": 240,
            "shift": 0.5}', 7, 'failure'),
    (
        'failed_rate_by_channel', 'payments of a channel that failed', 'payments', 'channel',
        'failed_count', 'total_count', 1, 'beta_binomial_rate',
        '{"direction": "above", "weight": 0.0002, "minimum_effect": 0.05, "accept_after": 240}', 8,
        'failure'),
    (
        'denied_rate', 'payments that were denied for business reasons', 'payments', 'all',
        'denied_count', 'total_count', 1, 'beta_binomial_rate',
        '{"direction": "above", "weight": 0.0002, "minimum_effect": 0.05, "accept_after": 240}', 8,
        'denial'),
    (
        'denied_rate_by_scheme', 'payments of a card scheme that were denied', 'payments',
        'card_scheme', 'denied_count', 'total_count', 1, 'beta_binomial_rate',
        '{"direction": "above", "weight": 0.0002, "minimum_effect": 0.05, "accept_after": 240,
            "shift": 0.3}', 7, 'denial'),
    (
        'reversed_rate', 'payments that were reversed', 'payments', 'all', 'reversed_count',
        'total_count', 1, 'beta_binomial_rate',
        '{"direction": "above", "weight": 0.0002, "minimum_effect": 0.02, "accept_after": 240}', 8,
        'reversal'),
    (
        'slow_rate', 'answers that took more than two seconds', 'latency', 'all', '2000', 'answered',
        5, 'beta_binomial_rate',
        '{"direction": "above", "weight": 0.0002, "minimum_effect": 0.05, "accept_after": 480}', 8,
        'latency'),
    (
        'slow_rate_by_channel', 'answers of a channel that took more than a second', 'latency',
        'channel', '1000', 'answered', 5, 'beta_binomial_rate',
        '{"direction": "above", "weight": 0.0002, "minimum_effect": 0.05, "accept_after": 480,
            "shift": 0.2}', 7, 'latency'),
    (
        'volume', 'payments', 'payments', 'all', 'total_count', NULL, 5, 'seasonal',
        '{"direction": "below", "sigmas": 4, "accept_after": 144, "minimum_sample": 2016,
            "level_weight": 0.1, "shift": -0.6}', 7, 'volume'),
    (
        'late_settlements', 'settlements of a rail that were not settled when they were due',
        'settlements', 'rail', 'late', 'due', 60, 'beta_binomial_rate',
        '{"direction": "above", "weight": 0.002, "minimum_effect": 0.2, "accept_after": 96}', 8,
        'settlement'),
    (
        'repeated_payments', 'payments to the same party over the same amount within two minutes',
        'duplicates', 'all', '120', 'accepted', 1, 'beta_binomial_rate',
        '{"direction": "above", "weight": 0.0002, "minimum_effect": 0.02, "accept_after": 240,
            "shift": 0.1}', 7, 'duplicate'),
    (
        'failed_logins', 'logins that failed', 'logins', 'all', 'failed', 'total', 5,
        'beta_binomial_rate',
        '{"direction": "above", "weight": 0.0002, "minimum_effect": 0.1, "accept_after": 96}', 8,
        'login')
ON DUPLICATE KEY UPDATE
    description = VALUES(description);
