IF v_minor_unit IS NULL OR v_amount <> TRUNCATE(v_amount, v_minor_unit) THEN
    CALL check_minor_unit(v_amount, v_payment_currency);
END IF;
