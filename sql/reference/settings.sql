-- Settings; a deployment leaves the values that you changed.
INSERT INTO settings (
    setting_name,
    setting_value,
    unit,
    description
) VALUES
    (
        'calendar_first_day', '2018-01-01', 'date',
        'First day for which calendar_days and settlement_windows are built'),
    (
        'calendar_last_day', '2030-12-31', 'date',
        'Last day for which calendar_days and settlement_windows are built'),
    (
        'detail_days', '14', 'days',
        'Days, today included, of which minutes and latency hours are kept for every dimension; older ones are kept for dimension all, by hour (payments) and day (latency) for every dimension'),
    (
        'high_risk_amount', '150000', 'amount',
        'Moved amount above which a high-risk customer is listed, base currency'),
    (
        'failed_login_window', '3600', 'seconds',
        'Time after a failed login in which a payment is suspicious'),
    (
        'hoarder_pending_count', '5', 'count',
        'Pending payments from which an account is listed in backlog_by_account'),
    (
        'risk_band_medium', '40', 'points',
        'Score from which a customer is of medium risk'),
    (
        'risk_band_high', '70', 'points',
        'Score from which a customer is of high risk'),
    (
        'risk_rule_cap_hits', '1', 'hits',
        'A rule counts for a customer at most as much as this many fresh hits of it'),
    (
        'case_minimum_score', '0', 'points',
        'Score from which the hits of a customer become a case, beside the rules with opens_case; 0 for never'),
    (
        'case_rule_customer_share', '0.01', 'share',
        'A rule that hit more than this share of the customers within 30 days, and more than 10 of them, opens no case'),
    (
        'case_due_days', '30', 'days',
        'Days until a case must be decided; 31 CFR 1020.320(b)(3) gives 30 for a report'),
    (
        'rule_approval', '0', 'flag',
        '1 when a version of a rule must be approved by somebody else than who proposed it'),
    (
        'fx_rate_maximum_age', '7', 'days',
        'Age of the last rate of a currency from which check_reference_data raises an alert'),
    (
        'calendar_minimum_days', '90', 'days',
        'Days that each calendar must reach ahead before check_reference_data raises an alert'),
    (
        'alert_reopen_seconds', '600', 'seconds',
        'Time after its end within which an alert that comes again is the same one, opened again'),
    (
        'alert_url_template', '', 'URL',
        'https page of an alert that notifications link to, {alert_id} stands for its number; empty for no link'),
    (
        'archive_after_months', '13', 'months',
        'Months after which the payments of a closed month move into the archive, counted from the latest payment; 0 for never, at least 3'),
    (
        'archive_keep_months', '0', 'months',
        'Months after which payments in the archive are dropped; 0 keeps them for ever'),
    (
        'history_days_jobs', '90', 'days', 'Days that ended runs of jobs are kept'),
    (
        'history_days_errors', '90', 'days', 'Days that errors of routines are kept'),
    (
        'history_days_alerts', '730', 'days',
        'Days that resolved alerts and ended marks of stuck payments are kept'),
    (
        'history_days_backlog', '730', 'days',
        'Days that the hourly samples of open payments and settlements are kept')
ON DUPLICATE KEY UPDATE
    unit = VALUES(unit),
    description = VALUES(description);
