-- Posts transfers between random accounts, by post_payment or by the same statements one by one without
-- needless round trips. See scripts/bench-posting.
sysbench.cmdline.options = {
    accounts = {"Accounts to post between", 1000},
    form = {"procedure or statements", "procedure"},
    run = {"Begin of the idempotency keys", "r"}
}

function thread_init()
    connection = sysbench.sql.driver():connect()
    number = 0
end

function thread_done()
    connection:disconnect()
end

local function by_statements(key, from, to)
    local low, high = math.min(from, to), math.max(from, to)
    connection:query("START TRANSACTION")
    connection:query("INSERT INTO payment_requests (idempotency_key, request_hash, operation, "
        .. "requested_by, requested_at) VALUES ('" .. key .. "', UNHEX(SHA2('" .. key
        .. "', 256)), 'post_payment', USER(), UTC_TIMESTAMP(3))")
    local request = connection:query_row("SELECT LAST_INSERT_ID()")
    connection:query("SELECT a.account_id, a.account_status, a.currency, a.balance, "
        .. "l.overdraft_limit, l.payment_limit, (SELECT SUM(h.held_amount) FROM payment_holds AS h "
        .. "WHERE h.account_id = a.account_id AND h.ended_at IS NULL) FROM accounts AS a "
        .. "INNER JOIN account_ledgers AS l ON l.account_id = a.account_id WHERE a.account_id IN ("
        .. low .. ", " .. high .. ") ORDER BY a.account_id FOR UPDATE")
    connection:query("INSERT INTO transactions (account_id, transaction_time, transaction_amount, "
        .. "currency, transaction_type, status, response_code, counterparty_account_id, "
        .. "balance_after, requested_at, responded_at, idempotency_key) SELECT " .. from
        .. ", UTC_TIMESTAMP(3), 1, 'EUR', 'transfer', 'completed', '00', " .. to
        .. ", a.balance - 1, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), '" .. key
        .. "' FROM accounts AS a WHERE a.account_id = " .. from)
    local payment = connection:query_row("SELECT LAST_INSERT_ID()")
    connection:query("INSERT INTO ledger_entries (request_id, account_id, internal_account, "
        .. "currency, entry_amount) VALUES (" .. request .. ", " .. from .. ", NULL, 'EUR', -1), ("
        .. request .. ", " .. to .. ", NULL, 'EUR', 1)")
    connection:query("UPDATE accounts SET balance = balance + IF(account_id = " .. from
        .. ", -1, 1) WHERE account_id IN (" .. low .. ", " .. high .. ")")
    connection:query("UPDATE payment_requests SET transaction_id = " .. payment
        .. ", payment_status = 'completed' WHERE request_id = " .. request)
    connection:query("COMMIT")
end

function event()
    number = number + 1
    local from = sysbench.rand.uniform(1, sysbench.opt.accounts)
    local to = sysbench.rand.uniform(1, sysbench.opt.accounts - 1)
    if to >= from then to = to + 1 end
    local key = sysbench.opt.run .. "-" .. sysbench.tid .. "-" .. number
    if sysbench.opt.form == "procedure" then
        connection:query("CALL post_payment('" .. key .. "', " .. from .. ", " .. to
            .. ", 1, 'EUR', 'transfer', NULL, @id, @status, @reason)")
    else
        by_statements(key, from, to)
    end
end

function sysbench.hooks.sql_error_ignorable(err)
    -- Deadlocks and lock waits: the event is retried.
    return err.sql_errno == 1213 or err.sql_errno == 1205 or err.sql_errno == 1020
end
