-- Limits of the monitoring programmes of card schemes; a deployment leaves the limits that you
-- changed. Schemes count by merchant and by acquirer; here all payments of a scheme count as one.
INSERT INTO scheme_limits (
    card_scheme,
    programme,
    limit_level,
    valid_from,
    valid_until,
    limit_ratio,
    minimum_count,
    sales_month,
    limit_source
) VALUES
    (
        'visa', 'VAMP', 'merchant_excessive', '2025-06-01', '2026-04-01', 0.022, 1501, 'same',
        'https://support.checkout.com/hc/en-us/articles/23330844282514'),
    (
        'visa', 'VAMP', 'merchant_excessive', '2026-04-01', NULL, 0.015, 1501, 'same',
        'https://support.checkout.com/hc/en-us/articles/23330844282514'),
    (
        'visa', 'VAMP', 'acquirer_above_standard', '2026-01-01', NULL, 0.005, 0, 'same',
        'https://support.checkout.com/hc/en-us/articles/23330844282514'),
    (
        'visa', 'VAMP', 'acquirer_excessive', '2025-06-01', NULL, 0.007, 0, 'same',
        'https://support.checkout.com/hc/en-us/articles/23330844282514'),
    (
        'mastercard', 'ECP', 'excessive', '2019-10-01', NULL, 0.015, 100, 'previous',
        'https://developer.paypal.com/braintree/articles, Excessive Chargeback Program'),
    (
        'mastercard', 'ECP', 'high_excessive', '2019-10-01', NULL, 0.03, 300, 'previous',
        'https://developer.paypal.com/braintree/articles, Excessive Chargeback Program')
ON DUPLICATE KEY UPDATE
    limit_source = VALUES(limit_source);
