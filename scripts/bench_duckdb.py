#!/usr/bin/env python3
"""Answers the questions of the benchmark in DuckDB over rows that MariaDB exported.

Reads one JSON request a line and answers each with one line: the first names the files, which are
loaded into native tables sorted by time; every other is a question, run as often as asked, whose
answer has the rows and, for each run, milliseconds and those of the processor.
"""

import json
import re
import sys
import time

import duckdb


def duck_type(sql_type):
    """The DuckDB type of a MariaDB column type."""
    base = sql_type.lower()
    if base.startswith("decimal"):
        return re.match(r"decimal\(\d+,\d+\)", base).group(0)
    for prefix, name in (
        ("bigint", "BIGINT"), ("int", "INTEGER"), ("smallint", "SMALLINT"),
        ("tinyint", "TINYINT"), ("datetime", "TIMESTAMP"), ("date", "DATE"),
    ):
        if base.startswith(prefix):
            return name
    return "VARCHAR"


def load(connection, table):
    """Loads one exported file, sorted."""
    columns = ", ".join(f"'{name}': '{duck_type(kind)}'" for name, kind in table["columns"])
    extra = ""
    if table["name"] == "transactions":
        extra = ", (epoch_us(responded_at) - epoch_us(requested_at)) // 1000 AS duration_ms"
    file = table["file"].replace("'", "''")
    connection.execute(
        f"CREATE TABLE {table['name']} AS SELECT *{extra} FROM read_csv('{file}', header = false,"
        f" delim = '\t', quote = '', escape = '', nullstr = '\\N', auto_detect = false,"
        f" columns = {{{columns}}}) ORDER BY {table['order']}"
    )


def text(value):
    """A value as MariaDB prints it."""
    return None if value is None else str(value)


def answer(reply):
    """Prints one line of JSON."""
    json.dump(reply, sys.stdout)
    sys.stdout.write("\n")
    sys.stdout.flush()


def main():
    request = json.loads(sys.stdin.readline())
    connection = duckdb.connect(request["database"])
    connection.execute("SET threads = 2")
    connection.execute("SET memory_limit = '6GB'")
    connection.execute("SET TimeZone = 'UTC'")
    start = time.perf_counter()
    for table in request["tables"]:
        load(connection, table)
    connection.execute("CHECKPOINT")
    answer({"version": duckdb.__version__, "loadSeconds": time.perf_counter() - start})

    for line in sys.stdin:
        question = json.loads(line)
        wall, cpu, rows = [], [], []
        for _ in range(question["runs"]):
            begin, used = time.perf_counter(), time.process_time()
            rows = connection.execute(question["sql"]).fetchall()
            wall.append((time.perf_counter() - begin) * 1000)
            cpu.append((time.process_time() - used) * 1000)
        answer({
            "rows": [[text(value) for value in row] for row in rows],
            "milliseconds": wall,
            "cpuMilliseconds": cpu,
        })


if __name__ == "__main__":
    main()
