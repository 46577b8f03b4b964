"""Times of the three servers in turns, for scripts/check-servers.

The figure is processor time of the server, since other programs of the machine share its cores; the
time that passes stands beside it.
"""

import statistics
import time

from servers_base import check
from servers_load import PRESENT

# Times 10.11 for a refresh: other releases of MariaDB as fast, MySQL at most twice as long.
REFRESH_LIMITS = {"trixie": 1.1, "mysql": 2.0}
VIEW_LIMIT = 5.0
# Below this a view costs what it takes to open its tables.
LEAST_SECONDS = 0.02
# Views that are slower on MySQL than the limit, and why: docs/mysql.md.
NAMED = {}


def measured(server, session, sql):
    """Processor seconds of the server, and seconds that passed."""
    cpu, began = server.cpu_seconds(), time.monotonic()
    session.query(sql)
    return server.cpu_seconds() - cpu, time.monotonic() - began


def too_slow(seconds, limits):
    """Names of servers whose median is above their limit times the first one's, with the ratio."""
    base = statistics.median(next(iter(seconds.values())))
    ratios = {name: statistics.median(times) / base for name, times in seconds.items()}
    return {name: ratio for name, ratio in ratios.items() if ratio > limits.get(name, VIEW_LIMIT)}


def report(name, cpu, passed):
    """Prints the medians of each server and their ratios to the first."""
    base = statistics.median(next(iter(cpu.values())))
    figures = [f"{server} {statistics.median(times):.3f} s of processor"
               f" ({statistics.median(times) / base:.2f}; {statistics.median(passed[server]):.3f} s)"
               for server, times in cpu.items()]
    print(f"   {name}: {', '.join(figures)}", flush=True)


def check_refresh(servers, changes, turns=5):
    """Refreshes of changes, in turns."""
    kinds = {"capture": ({}, {}), "refresh": ({}, {})}
    for turn in range(turns + 1):
        for server in servers:
            with server.session("captured") as session:
                session.set_clock(PRESENT)
                statements = {
                    "capture": f"UPDATE transactions SET transaction_amount = transaction_amount + 1"
                               f" ORDER BY transaction_id LIMIT {changes}",
                    "refresh": "CALL refresh_rollups(1000000)"}
                for kind, sql in statements.items():
                    times = measured(server, session, sql)
                    # The first turn warms the caches.
                    for store, value in zip(kinds[kind], times):
                        store.setdefault(server.name, [])
                        if turn:
                            store[server.name].append(value)
    for kind, (cpu, passed) in kinds.items():
        report(f"{kind} of {changes:,} changes", cpu, passed)
    slow = too_slow(kinds["refresh"][0], REFRESH_LIMITS)
    check(f"a refresh of {changes:,} changes is as fast as it must be", not slow, slow)
    check("a refresh that is too slow is found",
          too_slow({"installed": [1, 1, 1], "mysql": [1, 2.1, 9]}, REFRESH_LIMITS) == {"mysql": 2.1})


def check_views(servers, turns=3):
    """Reads of each published view, in turns; the sum of each server, and what is far slower."""
    sessions = {server.name: server.session("captured") for server in servers}
    for session in sessions.values():
        session.set_clock(PRESENT)
    views = [row[0] for row in sessions[servers[0].name].query(
        "SELECT view_name FROM published_views ORDER BY view_name")]
    totals, slow, ratios = {server.name: ([], []) for server in servers}, {}, []
    for view in views:
        cpu, passed = {}, {}
        for turn in range(turns + 1):
            for server in servers:
                times = measured(server, sessions[server.name], f"SELECT * FROM {view}")
                if turn:
                    cpu.setdefault(server.name, []).append(times[0])
                    passed.setdefault(server.name, []).append(times[1])
        for name, times in cpu.items():
            totals[name][0].append(statistics.median(times))
            totals[name][1].append(statistics.median(passed[name]))
        base = statistics.median(cpu[servers[0].name])
        ratios += [(statistics.median(times) / base, f"{view} on {name}")
                   for name, times in cpu.items() if statistics.median(times) > LEAST_SECONDS]
        found = too_slow(cpu, {})
        if any(statistics.median(cpu[name]) > LEAST_SECONDS for name in found):
            slow[view] = found
            report(view, cpu, passed)
    for session in sessions.values():
        session.close()
    report(f"all {len(views)} published views", {name: [sum(cpu)] for name, (cpu, _) in totals.items()},
           {name: [sum(passed)] for name, (_, passed) in totals.items()})
    print("   the slowest beside the first: " + ", ".join(
        f"{view} {ratio:.1f}" for ratio, view in sorted(ratios, reverse=True)[:6]))
    unnamed = {view: found for view, found in slow.items() if view not in NAMED}
    check(f"no published view takes more than {VIEW_LIMIT:.0f} times what it takes on the first,"
          f" but for {len(slow)} that are named", not unnamed, unnamed)
