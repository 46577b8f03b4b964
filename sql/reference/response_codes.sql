-- Response codes of ISO 8583 field 39 and whether a retry can help.
INSERT INTO response_codes (
    response_code,
    response_class,
    is_hard_decline,
    meaning
) VALUES
    ('00', 'approved', 0, 'Approved'),
    ('01', 'business_decline', 0, 'Refer to card issuer'),
    ('03', 'business_decline', 1, 'Invalid merchant'),
    ('04', 'business_decline', 1, 'Pick up card'),
    ('05', 'business_decline', 0, 'Do not honour'),
    ('06', 'technical_decline', 0, 'Error'),
    ('12', 'technical_decline', 0, 'Invalid transaction'),
    ('13', 'business_decline', 0, 'Invalid amount'),
    ('14', 'business_decline', 1, 'Invalid card number'),
    ('15', 'business_decline', 1, 'No such issuer'),
    ('19', 'business_decline', 0, 'Re-enter transaction'),
    ('30', 'technical_decline', 0, 'Format error'),
    ('41', 'business_decline', 1, 'Lost card'),
    ('43', 'business_decline', 1, 'Stolen card'),
    ('51', 'business_decline', 0, 'Insufficient funds'),
    ('54', 'business_decline', 1, 'Expired card'),
    ('55', 'business_decline', 0, 'Incorrect PIN'),
    ('57', 'business_decline', 1, 'Transaction not permitted to cardholder'),
    ('59', 'business_decline', 0, 'Suspected fraud'),
    ('61', 'business_decline', 0, 'Exceeds amount limit'),
    ('62', 'business_decline', 1, 'Restricted card'),
    ('65', 'business_decline', 0, 'Exceeds frequency limit'),
    ('68', 'technical_decline', 0, 'Response received too late (time-out)'),
    ('75', 'business_decline', 0, 'PIN tries exceeded'),
    ('91', 'technical_decline', 0, 'Issuer or switch inoperative'),
    ('92', 'technical_decline', 0, 'Unable to route'),
    ('94', 'technical_decline', 0, 'Duplicate transmission'),
    ('96', 'technical_decline', 0, 'System malfunction')
ON DUPLICATE KEY UPDATE
    response_class = VALUES(response_class),
    is_hard_decline = VALUES(is_hard_decline),
    meaning = VALUES(meaning);
