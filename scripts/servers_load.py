"""Fills the servers with the same payments, in bulk and through triggers, for scripts/check-servers."""

from servers_base import check

END_DATE = "2026-11-30"
# When everything is refreshed, evaluated and read: the end of the history, and within it.
PRESENT = "2026-11-30 00:00:00"
MOMENTS = [PRESENT, "2026-11-17 06:30:00"]
SOURCES = ["customers", "customer_locations", "accounts", "payment_handles", "login_activity",
           "transactions", "settlements"]
# Changes that capture must carry into the rollups.
CHANGES = [
    "UPDATE transactions SET status = 'reversed' WHERE status = 'completed'"
    " AND transaction_id % 97 = 0",
    "DELETE FROM login_activity WHERE login_id % 89 = 0",
]
# What the jobs derive, in the order in which rows of one depend on another.
JOBS = ["mark_stuck_payments()", "roll_settlement_due_dates()",
        "sample_gauges('2026-11-29 23:59:00')", "sample_backlog()", "refresh_payment_cube(10000)",
        "watch_integrity()", "refresh_rollups(1000000)"]


def load(server, payments):
    """Generates payments in bulk, and writes them row by row into a second schema."""
    for schema in ("payops", "captured"):
        server.payops(schema, "deploy")
    days = max(30, min(90, payments // 1000))
    server.payops("payops", "generate", "--transactions", payments, "--days", days,
                  "--seed", "42", "--end", END_DATE)
    with server.session("captured") as session:
        session.set_clock(PRESENT)
        # Else each server would hash what it shows of counterparties by a secret of its own.
        session.query("UPDATE erasure_keys SET secret = REPEAT('5', 64)")
        for table in SOURCES:
            names = ", ".join(row[0] for row in session.query(f"""
                SELECT column_name FROM information_schema.columns
                WHERE table_schema = DATABASE() AND table_name = '{table}'
                    AND COALESCE(generation_expression, '') = '' ORDER BY ordinal_position"""))
            session.query(
                f"INSERT INTO {table} ({names}) SELECT {names} FROM payops.{table}")
        captured = int(session.value("SELECT COUNT(*) FROM transaction_changes"))
        check(f"{server.name}: triggers capture each payment", captured == payments, captured)
        session.query("CALL refresh_rollups(1000000)")
    for schema in ("payops", "captured"):
        with server.session(schema) as session:
            session.set_clock(PRESENT)
            session.query(";\n".join([*CHANGES, "CALL refresh_rollups(1000000)"]))
        found = server.payops(schema, "reconcile")
        check(f"{server.name}.{schema}: the rollups are what the payments add up to",
              not found, found)


def derive(server):
    """Lets the jobs of the database do their work at the fixed clock; the rules come first."""
    with server.session("captured") as session:
        session.set_clock(PRESENT)
        found = session.query("CALL evaluate_rules(NULL)")[0]
        session.query("CALL update_risk_scores()")
        for job in JOBS:
            session.query(f"CALL {job}")
        failed = session.query("SELECT routine_name, error_number, error_message FROM routine_errors")
    return found, failed
