SELECT
    t.is_outgoing,
    c.minor_unit,
    c.is_base
INTO v_is_outgoing, v_minor_unit, v_is_base
FROM transaction_types AS t
INNER JOIN currencies AS c ON c.currency = in_currency
WHERE t.transaction_type = in_transaction_type;
-- As above: only check_payment_parties says what is wrong.
IF (
    (in_counterparty_account_id IS NULL) <> (in_rail IS NULL)
    AND COALESCE(CHAR_LENGTH(in_rail), 0) <= 16
    AND NOT (in_counterparty_account_id <=> in_account_id)
    AND in_transaction_type <> 'refund'
    AND (v_is_outgoing = 1 OR in_counterparty_account_id IS NULL)
    AND v_amount = TRUNCATE(v_amount, v_minor_unit)
) IS NOT TRUE THEN
    CALL check_payment_parties(
        in_account_id, in_counterparty_account_id, v_amount, in_currency, in_transaction_type,
        in_rail, v_is_outgoing);
END IF;
