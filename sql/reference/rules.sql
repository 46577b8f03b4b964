-- Rules with their first version. A deployment leaves the versions and parameters that you changed.
INSERT INTO rules (
    rule_id,
    rule_name,
    view_name,
    family,
    risk_level,
    description,
    source,
    active_version
) VALUES
    (
        'A01', 'large_cash', 'rule_a01_large_cash',
        'aml', 'Low', 'One payment in cash over the reporting threshold',
        '31 CFR 1010.311', 1),
    (
        'A02', 'cash_per_person', 'rule_a02_cash_per_person',
        'aml', 'Medium', 'Cash of one person on one day over the reporting threshold',
        '31 CFR 1010.313', 1),
    (
        'A03', 'structuring', 'rule_a03_structuring',
        'aml', 'High', 'Several payments just below the reporting threshold within a day',
        'Yggdrasil aml.ts; Charzynski risk-detection.md', 1),
    (
        'A04', 'structuring_wide', 'rule_a04_structuring_wide',
        'aml', 'High', 'Several payments just below the reporting threshold within a week',
        'Panaversity aml-typologies #1', 1),
    (
        'A05', 'threshold_velocity', 'rule_a05_threshold_velocity',
        'aml', 'High', 'Many payments just below the reporting threshold within a day',
        'Yggdrasil aml.ts', 1),
    (
        'A08', 'volume_24h', 'rule_a08_volume_24h',
        'aml', 'Medium', 'Much money moved within 24 hours',
        'Yggdrasil SAR_VELOCITY', 1),
    (
        'A09', 'large_transfer', 'rule_a09_large_transfer',
        'aml', 'Medium', 'One high-value transfer',
        'Yggdrasil aml.ts', 1),
    (
        'A10', 'risky_type', 'rule_a10_risky_type',
        'aml', 'Low', 'A wire or cash payment of a reportable size',
        '31 CFR 1020.320', 1),
    (
        'A12', 'round_amounts', 'rule_a12_round_amounts',
        'aml', 'Low', 'Several payments of round amounts in the last month',
        'FFIEC manual, appendix F', 1),
    (
        'A13', 'dormant_reactivation', 'rule_a13_dormant_reactivation',
        'aml', 'Medium', 'A large payment on the first day after a long silence',
        'Tazama rules life cycle', 1),
    (
        'A15', 'rapid_in_out', 'rule_a15_rapid_in_out',
        'aml', 'High', 'Most of the money that came in leaves within two days',
        'Panaversity aml-typologies #3', 1),
    (
        'A17', 'account_drain', 'rule_a17_account_drain',
        'aml', 'Medium', 'One payment that takes nearly all of the balance',
        'Mojaloop account-drain', 1),
    (
        'A18', 'fan_in', 'rule_a18_fan_in',
        'aml', 'High', 'Money from very many accounts within a day',
        'seed S2: over 20 senders', 1),
    (
        'A18B', 'fan_in_week', 'rule_a18b_fan_in_week',
        'aml', 'Medium', 'Money from several accounts within a week',
        'khan-alison aml #9', 1),
    (
        'A19', 'fan_out', 'rule_a19_fan_out',
        'aml', 'Medium', 'Payments to many accounts on one day',
        'public SQL example; Mojaloop divergence', 1),
    (
        'A21', 'cycle', 'rule_a21_cycle',
        'aml', 'High', 'Money that comes back to where it started',
        'Panaversity aml-typologies #2; IBM AMLSim', 1),
    (
        'A22', 'ping_pong', 'rule_a22_ping_pong',
        'aml', 'Medium', 'Money that goes to and fro between two accounts',
        'khan-alison aml #11', 1),
    (
        'A23', 'new_account_balance', 'rule_a23_new_account_balance',
        'aml', 'Medium', 'A high balance on a new account',
        'seed S2: under 7 days, over 70,000', 1),
    (
        'A24', 'daily_volume', 'rule_a24_daily_volume',
        'aml', 'Medium', 'Much money in or out, or very many payments on one day',
        'seed S2: over 100,000 or over 100', 1),
    (
        'A25', 'hourly_burst', 'rule_a25_hourly_burst',
        'aml', 'High', 'Very many payments within an hour',
        'seed S2: over 20', 1),
    (
        'A25B', 'rapid_series', 'rule_a25b_rapid_series',
        'aml', 'Medium', 'A rapid series of payments',
        'Charzynski risk-detection.md: 5 in 30 minutes', 1),
    (
        'A26', 'amount_outlier', 'rule_a26_amount_outlier',
        'aml', 'Medium', 'A payment far above the mean of the account',
        'seed S2: mean + 3 deviations over 30 days', 1),
    (
        'A27', 'above_percentile', 'rule_a27_above_percentile',
        'aml', 'Low', 'A payment above the 95th percentile of all',
        'seed S3', 1),
    (
        'A31', 'shared_identity', 'rule_a31_shared_identity',
        'aml', 'High', 'Several customers with one number, telephone or address',
        'khan-alison aml #14', 1),
    (
        'A33', 'not_identified_active', 'rule_a33_not_identified_active',
        'aml', 'Medium', 'A customer who is not identified makes payments',
        'seed S0', 1),
    (
        'A33B', 'high_risk_volume', 'rule_a33b_high_risk_volume',
        'aml', 'High', 'A customer of high risk moves much money',
        'seed S0: over 150,000', 1),
    (
        'A34', 'payment_after_failed_login', 'rule_a34_payment_after_failed_login',
        'aml', 'Medium', 'A payment within an hour after failed logins',
        'seed S0', 1),
    (
        'C01', 'card_testing', 'rule_c01_card_testing',
        'card', 'High', 'Declines of one card in a row',
        'rupt.dev; docs.stitch.money; cielo', 1)
ON DUPLICATE KEY UPDATE
    rule_name = VALUES(rule_name),
    view_name = VALUES(view_name),
    family = VALUES(family),
    risk_level = VALUES(risk_level),
    description = VALUES(description),
    source = VALUES(source);

INSERT IGNORE INTO rule_versions (
    rule_id,
    rule_version,
    version_state,
    points,
    half_life_days,
    expiry_days,
    proposed_by,
    proposed_at,
    approved_by,
    approved_at
) VALUES
    ('A01', 1, 'active', 20, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A02', 1, 'active', 20, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A03', 1, 'active', 30, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A04', 1, 'active', 30, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A05', 1, 'active', 30, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A08', 1, 'active', 15, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A09', 1, 'active', 15, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A10', 1, 'active', 10, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A12', 1, 'active', 10, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A13', 1, 'active', 10, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A15', 1, 'active', 25, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A17', 1, 'active', 15, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A18', 1, 'active', 25, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A18B', 1, 'active', 15, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A19', 1, 'active', 20, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A21', 1, 'active', 40, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A22', 1, 'active', 15, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A23', 1, 'active', 10, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A24', 1, 'active', 10, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A25', 1, 'active', 25, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A25B', 1, 'active', 25, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A26', 1, 'active', 15, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A27', 1, 'active', 5, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A31', 1, 'active', 20, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A33', 1, 'active', 15, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A33B', 1, 'active', 15, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('A34', 1, 'active', 15, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP()),
    ('C01', 1, 'active', 20, 30, 180, 'payops', UTC_TIMESTAMP(), 'payops', UTC_TIMESTAMP());

INSERT IGNORE INTO rule_parameters (
    rule_id,
    rule_version,
    parameter_name,
    parameter_value,
    unit
) VALUES
    ('A01', 1, 'minimum_amount', 10000, 'base currency'),
    ('A02', 1, 'minimum_amount', 10000, 'base currency'),
    ('A03', 1, 'minimum_amount', 8000, 'base currency'),
    ('A03', 1, 'maximum_amount', 10000, 'base currency'),
    ('A03', 1, 'minimum_count', 3, 'payments'),
    ('A03', 1, 'window_seconds', 86400, 'seconds'),
    ('A04', 1, 'minimum_amount', 8000, 'base currency'),
    ('A04', 1, 'maximum_amount', 10000, 'base currency'),
    ('A04', 1, 'minimum_count', 3, 'payments'),
    ('A04', 1, 'window_seconds', 604800, 'seconds'),
    ('A05', 1, 'minimum_amount', 8000, 'base currency'),
    ('A05', 1, 'maximum_amount', 10000, 'base currency'),
    ('A05', 1, 'minimum_count', 5, 'payments'),
    ('A05', 1, 'window_seconds', 86400, 'seconds'),
    ('A08', 1, 'minimum_amount', 25000, 'base currency'),
    ('A08', 1, 'window_hours', 24, 'hours'),
    ('A09', 1, 'minimum_amount', 50000, 'base currency'),
    ('A10', 1, 'minimum_amount', 5000, 'base currency'),
    ('A12', 1, 'round_unit', 1000, 'currency of payment'),
    ('A12', 1, 'minimum_count', 3, 'payments'),
    ('A12', 1, 'window_days', 30, 'days'),
    ('A13', 1, 'minimum_amount', 5000, 'base currency'),
    ('A13', 1, 'idle_days', 90, 'days'),
    ('A15', 1, 'minimum_amount', 1000, 'base currency'),
    ('A15', 1, 'minimum_share', 0.8, 'share'),
    ('A15', 1, 'window_days', 2, 'days'),
    ('A17', 1, 'minimum_amount', 1000, 'base currency'),
    ('A17', 1, 'minimum_share', 0.9, 'share'),
    ('A18', 1, 'maximum_count', 20, 'accounts'),
    ('A18', 1, 'window_seconds', 86400, 'seconds'),
    ('A18B', 1, 'minimum_count', 5, 'accounts'),
    ('A18B', 1, 'window_seconds', 604800, 'seconds'),
    ('A19', 1, 'maximum_count', 5, 'accounts'),
    ('A21', 1, 'minimum_hops', 3, 'hops'),
    ('A21', 1, 'maximum_hops', 6, 'hops'),
    ('A21', 1, 'window_days', 30, 'days'),
    ('A21', 1, 'amount_tolerance', 0.1, 'share'),
    ('A22', 1, 'minimum_count', 2, 'transfers each way'),
    ('A22', 1, 'window_days', 3, 'days'),
    ('A23', 1, 'maximum_amount', 70000, 'base currency'),
    ('A23', 1, 'age_days', 7, 'days'),
    ('A24', 1, 'maximum_amount', 100000, 'base currency'),
    ('A24', 1, 'maximum_count', 100, 'payments'),
    ('A25', 1, 'maximum_count', 20, 'payments'),
    ('A25', 1, 'window_seconds', 3600, 'seconds'),
    ('A25B', 1, 'minimum_count', 5, 'payments'),
    ('A25B', 1, 'window_seconds', 1800, 'seconds'),
    ('A26', 1, 'minimum_deviations', 3, 'deviations'),
    ('A26', 1, 'minimum_count', 12, 'payments'),
    ('A26', 1, 'window_days', 30, 'days'),
    ('A27', 1, 'percentile', 0.95, 'share'),
    ('A31', 1, 'minimum_count', 3, 'customers'),
    ('A33B', 1, 'maximum_amount', 150000, 'base currency'),
    ('A34', 1, 'minimum_count', 1, 'failed logins'),
    ('A34', 1, 'window_seconds', 3600, 'seconds'),
    ('C01', 1, 'minimum_count', 3, 'declines'),
    ('C01', 1, 'window_seconds', 600, 'seconds');

-- Walks through accounts with very many transfers may take minutes: switched on by who has looked at
-- its cost. A deployment leaves what you switched.
UPDATE rules AS r
SET r.is_enabled = 0
WHERE r.rule_id = 'A21'
    AND NOT EXISTS (
        SELECT 1
        FROM settings AS g
        WHERE g.setting_name = 'rule_defaults'
    );
INSERT IGNORE INTO settings (setting_name, setting_value, unit, description)
VALUES ('rule_defaults', '1', 'flag', 'Set once the defaults of the rules are in place');
