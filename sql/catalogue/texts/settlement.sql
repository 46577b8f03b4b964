-- What stays in the bank needs no settlement.
IF v_rail IS NOT NULL THEN
    INSERT INTO settlements (
        transaction_id,
        rail,
        settlement_amount,
        currency,
        base_amount,
        accepted_at
    ) VALUES (
        v_transaction_id,
        v_rail,
        v_amount,
        v_payment_currency,
        IF(v_is_base, v_amount, NULL),
        UTC_TIMESTAMP()
    );
END IF;
