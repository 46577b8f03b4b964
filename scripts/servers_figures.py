"""Compares tables and views of two servers cell by cell, for scripts/check-servers."""

import collections
import json
import math

# Columns that hold when something was done, or how long it took, whatever was done.
CLOCKS = {"refreshed_at", "recorded_at", "proposed_at", "approved_at", "ticked_at", "started_at",
          "finished_at", "deployed_at", "ended_at", "duration_ms", "check_ms", "checked_at",
          "last_duration_ms", "counted_at"}
# The record of the deployment, random numbers, and hashes that cover the clock.
LEFT_OUT = {
    "deployed_objects": "checksums of the respelled SQL",
    "ops_objects": "the same",
    "erasure_keys": "random keys",
    "audit_log": "clocks, accounts, and hashes over both",
    "audit_head": "the same",
    "ops_audit_entries": "the same",
    "bulk_loads": "a sequence on MariaDB, a table on MySQL",
    "space_samples": "bytes on disk",
    "ops_space_forecast": "the same",
    "ops_revision": "a hash that covers the clock",
    "ops_rollup_lag": "ages by the clock of the load",
    "ops_freshness": "the same",
}
FLOATS = {"float", "double"}
TOLERANCE = 1e-9


def same(kind, one, two):
    """Whether two cells are the same: floats to 1e-9, JSON whatever the order of its keys."""
    if one == two:
        return True
    if "NULL" in (one, two):
        return False
    if kind in FLOATS:
        return math.isclose(float(one), float(two), rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    if one[:1] in "{[" and one[:1] == two[:1]:
        try:
            return json.loads(one) == json.loads(two)
        except ValueError:
            return False
    return False


def columns(session, source):
    """Names, kinds and keys of the columns of a table or view."""
    return session.query(f"""
        SELECT column_name, data_type, column_key FROM information_schema.columns
        WHERE table_schema = DATABASE() AND table_name = '{source}' ORDER BY ordinal_position""")


def shown(described):
    """The expressions that show columns as texts."""
    return [f"HEX(`{name}`)" if "binary" in kind or "blob" in kind else f"`{name}`"
            for name, kind, _ in described]


def in_order(described, rows):
    """Rows in an order that small differences of floats do not change."""
    exact = [index for index, column in enumerate(described) if column[1] not in FLOATS]
    floats = [index for index, column in enumerate(described) if column[1] in FLOATS]

    def place(row):
        return ([row[index] for index in exact],
                ["" if row[index] == "NULL" else f"{float(row[index]):.5g}" for index in floats])
    return sorted(rows, key=place)


def lines(session, source, described):
    """The rows of a table or view as the client prints them, in a definite order."""
    found, errors = session.attempt(f"SELECT {', '.join(shown(described))} FROM {source}")
    return sorted(found), [f"{session.name}: {source}: {error}" for error in errors]


def differences(source, described, wanted, found):
    """What differs between the rows of two servers, by column, with the first pair of cells."""
    if len(wanted) != len(found):
        return [f"{source}: {len(found)} rows in place of {len(wanted)}"]
    counts, examples = collections.Counter(), {}
    for row, other in zip(wanted, found):
        for (name, kind, _), one, two in zip(described, row, other):
            if not same(kind, one, two) and name not in CLOCKS:
                counts[name] += 1
                examples.setdefault(name, (one, two))
    return [f"{source}.{name}: {count} of {len(wanted)} rows, such as {examples[name][1]!r}"
            f" in place of {examples[name][0]!r}" for name, count in counts.items()]


class Comparison:
    """One source after the other, of a reference and of other servers."""

    def __init__(self):
        self.differences, self.cells, self.filled, self.read = [], 0, 0, 0

    def add(self, source, reference, others):
        """Compares one source; each server has its own session in one schema."""
        described = columns(reference, source)
        wanted, errors = lines(reference, source, described)
        self.differences += errors
        self.read += 1
        self.filled += bool(wanted)
        self.cells += len(wanted) * len(described)
        for other in others:
            columns_found = columns(other, source)
            if [column[0] for column in columns_found] != [column[0] for column in described]:
                self.differences.append(f"{other.name}: {source} has other columns")
                continue
            found, errors = lines(other, source, columns_found)
            self.differences += errors
            if errors or found == wanted:
                continue
            # Millions of cells are the same as texts; only others are looked at one by one.
            merged = [(name, kind if kind in FLOATS else other_kind, key)
                      for (name, kind, key), (_, other_kind, _) in zip(described, columns_found)]
            self.differences += [f"{other.name}: {line}" for line in differences(
                source, merged, *(in_order(merged, [row.split("\t") for row in rows])
                                  for rows in (wanted, found)))]


def sources(session, kind, without=()):
    """The tables or views of a schema, but for those that cannot be the same."""
    rows = session.query(f"""
        SELECT table_name FROM information_schema.tables
        WHERE table_schema = DATABASE() AND table_type = '{kind}' ORDER BY table_name""")
    return [row[0] for row in rows if row[0] not in LEFT_OUT and not row[0].startswith(without)]


def compare(servers, schema, kind, moment=None, without=()):
    """Compares all tables (or views, at a moment) of a schema with those on the first server."""
    sessions = [server.session(schema) for server in servers]
    if moment:
        for session in sessions:
            session.set_clock(moment)
    comparison = Comparison()
    for source in sources(sessions[0], kind, without):
        comparison.add(source, sessions[0], sessions[1:])
    for session in sessions:
        session.close()
    return comparison
