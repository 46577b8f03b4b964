-- Service levels to start from; a deployment leaves the thresholds that you changed.
INSERT INTO sla_policies (
    policy_name,
    subject,
    scope_dimension,
    scope_member,
    threshold_value,
    unit,
    target_pct
) VALUES
    ('settlement_all', 'settlement', 'all', 'all', 0, 'seconds', 98.0),
    ('settlement_card', 'settlement', 'rail', 'CARD', 0, 'seconds', 98),
    ('settlement_sepa_ct', 'settlement', 'rail', 'SEPA_CT', 0, 'seconds', 99),
    ('settlement_sepa_inst', 'settlement', 'rail', 'SEPA_INST', 0, 'seconds', 99),
    ('settlement_sepa_dd', 'settlement', 'rail', 'SEPA_DD', 0, 'seconds', 98),
    ('settlement_upi', 'settlement', 'rail', 'UPI', 0, 'seconds', 98),
    ('settlement_wire', 'settlement', 'rail', 'WIRE', 0, 'seconds', 99.5),
    ('settlement_ach', 'settlement', 'rail', 'ACH', 0, 'seconds', 98),
    ('latency_card_payment', 'latency', 'transaction_type', 'card_payment', 800, 'ms', 95),
    ('latency_atm_withdrawal', 'latency', 'transaction_type', 'atm_withdrawal', 1500, 'ms', 95),
    ('latency_transfer', 'latency', 'transaction_type', 'transfer', 1000, 'ms', 95),
    ('latency_instant_transfer', 'latency', 'transaction_type', 'instant_transfer', 2000, 'ms', 95),
    ('latency_direct_debit', 'latency', 'transaction_type', 'direct_debit', 1500, 'ms', 95),
    ('latency_upi_p2p', 'latency', 'transaction_type', 'upi_p2p', 1500, 'ms', 95),
    ('latency_upi_merchant', 'latency', 'transaction_type', 'upi_merchant', 1500, 'ms', 95),
    ('latency_wire', 'latency', 'transaction_type', 'wire', 3000, 'ms', 95),
    ('latency_deposit', 'latency', 'transaction_type', 'deposit', 1000, 'ms', 95),
    ('latency_cash_deposit', 'latency', 'transaction_type', 'cash_deposit', 1500, 'ms', 95),
    ('latency_all', 'latency', 'all', 'all', 1000, 'ms', 95),
    ('freshness_all', 'freshness', 'all', 'all', 900, 'seconds', NULL),
    ('backlog_all', 'backlog', 'all', 'all', 86400, 'seconds', 99)
ON DUPLICATE KEY UPDATE
    subject = VALUES(subject);
