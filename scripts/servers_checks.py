"""What must be so on each server alone: postings, index ranges, readers. For scripts/check-servers."""

import random
import threading

from servers_base import Session, check
from servers_load import PRESENT

ACCOUNTS, OPENING, CLIENTS, POSTINGS = 40, 500, 4, 1000
BALANCED = ["integrity_ledger_balances", "integrity_ledger_postings",
            "integrity_posted_settlements", "integrity_payment_paths", "integrity_payment_holds",
            "integrity_clearing_balances"]


def open_ledger(server):
    """A schema with accounts that have money."""
    server.payops("posting", "deploy")
    server.query("posting", """
        INSERT INTO customers (customer_id, name, country, account_open_date)
        VALUES (1, 'one', 'DE', '2020-01-01')""")
    values = ", ".join(f"({number}, 1, 'personal', 'EUR', {OPENING}, '2020-01-01')"
                       for number in range(1, ACCOUNTS + 1))
    server.query("posting", f"""
        INSERT INTO accounts (account_id, customer_id, account_type, currency, balance, opened_at)
        VALUES {values}""")


def damage(session):
    """What is wrong with the ledger."""
    total = session.value("SELECT SUM(balance) FROM accounts")
    found = [] if float(total) == ACCOUNTS * OPENING else [f"the balances add up to {total}"]
    return found + [f"{view}: {count} rows" for view in BALANCED
                    if (count := session.value(f"SELECT COUNT(*) FROM {view}")) != "0"]


def post(sessions, refresher, number):
    """Posts from several connections at once beside refreshes; answers, refreshes and errors."""
    answers, errors, refreshes, done = [], [], [0], threading.Event()

    def work(client, session):
        draw, calls = random.Random(number * CLIENTS + client), []
        for posting in range(POSTINGS // CLIENTS):
            one, other = draw.sample(range(1, ACCOUNTS + 1), 2)
            calls.append(f"CALL post_payment('{number}-{client}-{posting}', {one}, {other},"
                         f" {draw.randint(1, 250)}, 'EUR', 'transfer', NULL, @i, @s, @r);"
                         " SELECT 'answer', @s, @r")
        rows, failed = session.attempt(";\n".join(calls))
        answers.extend(row.split("\t")[1] for row in rows if row.startswith("answer\t"))
        errors.extend(failed)

    def refresh():
        while not done.is_set():
            errors.extend(refresher.attempt("CALL refresh_rollups(100)")[1])
            refreshes[0] += 1

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(sessions)]
    beside = threading.Thread(target=refresh)
    for thread in [*threads, beside]:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    beside.join()
    return answers, refreshes[0], errors


def check_postings(server, rounds):
    """Concurrent postings keep the ledger, with no error but refusals."""
    open_ledger(server)
    sessions = [server.session("posting") for _ in range(CLIENTS)]
    with server.session("posting") as refresher:
        completed = denied = refreshes = 0
        for number in range(rounds):
            answers, count, errors = post(sessions, refresher, number)
            completed += answers.count("completed")
            denied += answers.count("denied")
            refreshes += count
            where = f"{server.name}: round {number + 1} of postings"
            check_quietly(where, not errors and len(answers) == POSTINGS, errors[:5] or len(answers))
            check_quietly(where, not (found := damage(refresher)), found)
            refresher.query("CALL refresh_rollups(1000000)")
            check_quietly(where, not (found := server.payops("posting", "reconcile")), found)
        check(f"{server.name}: {completed + denied:,} postings from {CLIENTS} connections,"
              f" {denied:,} of them refused, {refreshes:,} refreshes beside: no error, the ledger is"
              f" balanced and the rollups are right after each of {rounds} rounds",
              completed + denied == rounds * POSTINGS and denied and refreshes >= rounds)
        # The checks must be able to fail.
        errors = sessions[0].attempt("CALL post_payment('x', 1, 1, 1, 'EUR', 'transfer', NULL, @i, @s, @r)")[1]
        check(f"{server.name}: a posting that fails is noticed", len(errors) == 1, errors)
        refresher.query("UPDATE accounts SET balance = balance + 0.01 WHERE account_id = 1")
        found = damage(refresher)
        check(f"{server.name}: a cent too many is noticed", len(found) == 2, found)
        for session in sessions:
            session.close()


def check_quietly(name, condition, found):
    """A check of many, which is printed only when it fails."""
    if not condition:
        check(name, condition, found)


def rows_read(session, now):
    """Payments of the last day before a moment, and the rows that an index gave for them."""
    count = session.value(f"""
        FLUSH STATUS;
        SELECT COUNT(*) FROM transactions AS t
        WHERE t.transaction_time >= {now} - INTERVAL 1 DAY AND t.transaction_time < {now}""")
    read = session.query("SHOW SESSION STATUS LIKE 'Handler_read_next'")[0][1]
    return int(count), int(read)


def check_ranges(server):
    """as_of() bounds the range of an index, as a constant does."""
    with server.session("captured") as session:
        session.set_clock(PRESENT)
        count, read = rows_read(session, "as_of()")
        check(f"{server.name}: as_of() has {read:,} index entries read for {count:,} payments of a day",
              count > 50 and read <= 1.1 * count, read)
        session.query("DROP FUNCTION IF EXISTS clock_of_the_check; CREATE FUNCTION"
                      " clock_of_the_check() RETURNS DATETIME NOT DETERMINISTIC NO SQL"
                      " RETURN COALESCE(@payops_as_of, UTC_TIMESTAMP())")
        _, read = rows_read(session, "clock_of_the_check()")
        session.query("DROP FUNCTION clock_of_the_check")
        check(f"{server.name}: a function that is not deterministic is found to read more ({read:,})",
              read > 1.1 * count, read)


def readings(view, names):
    """What a BI tool asks of a view: rows, sums, and groups by its first and by all columns."""
    measures = ", ".join(f"SUM({name} IS NULL), MAX({name})" for name in names)
    return [f"SELECT * FROM {view}", f"SELECT COUNT(*), {measures} FROM {view}",
            f"SELECT {names[0]}, COUNT(*), {measures} FROM {view} GROUP BY {names[0]}",
            f"SELECT {', '.join(names)}, COUNT(*) FROM {view} GROUP BY {', '.join(names)}"]


def check_readers(server):
    """An account of a BI tool, with nothing set, reads every published view, its sums and groups."""
    with server.session("captured") as owner:
        columns = {}
        for view, column in owner.query("SELECT view_name, column_name FROM published_columns"
                                        " ORDER BY view_name, ordinal_position"):
            columns.setdefault(view, []).append(f"`{column}`")
        views = list(columns)
        owner.query("DROP VIEW IF EXISTS not_grouped; SET sql_mode = '';"
                    " CREATE VIEW not_grouped AS SELECT a.currency, a.account_id FROM accounts AS a"
                    " GROUP BY a.currency")
        owner.query("CREATE USER bi_reader@localhost IDENTIFIED BY ''")
        owner.query(";\n".join(f"GRANT SELECT ON captured.{view} TO bi_reader@localhost"
                               for view in [*views, "not_grouped"]))
        # As the roles of payops have it.
        owner.query("GRANT EXECUTE ON FUNCTION captured.as_of TO bi_reader@localhost")
        with Session(server, "captured", account="bi_reader", initially=None) as reader:
            mode = reader.value("SELECT @@sql_mode")
            failed = {view: errors[0] for view, names in columns.items()
                      if (errors := reader.attempt(";\n".join(readings(view, names)))[1])}
            check(f"{server.name}: an account with the default sql_mode ({mode}) reads"
                  f" {len(views)} published views, their sums and groups",
                  not failed and len(views) > 150,
                  "\n".join(f"{view}: {error}" for view, error in failed.items()))
            refused = [reader.attempt("SELECT * FROM rules")[1],
                       reader.attempt("SELECT * FROM not_grouped")[1]]
        owner.query("DROP VIEW not_grouped; DROP USER bi_reader@localhost")
        check(f"{server.name}: a table without a grant is refused to it", len(refused[0]) == 1)
        if "ONLY_FULL_GROUP_BY" in mode:
            check(f"{server.name}: a view that groups by too little is refused to it",
                  len(refused[1]) == 1)
