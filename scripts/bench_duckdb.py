#!/usr/bin/env python3
"""Answers the questions of the benchmark in DuckDB over rows that MariaDB exported.

Reads a JSON request, loads each file into a native table sorted by time, runs every question
warm, and prints answers and milliseconds as JSON.
"""

import json
import os
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


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    for name in (request["database"], request["database"] + ".wal"):
        if os.path.exists(name):
            os.remove(name)
    connection = duckdb.connect(request["database"])
    connection.execute("SET threads = 2")
    connection.execute("SET memory_limit = '6GB'")
    connection.execute("SET TimeZone = 'UTC'")
    start = time.perf_counter()
    for table in request["tables"]:
        load(connection, table)
    connection.execute("CHECKPOINT")
    load_seconds = time.perf_counter() - start

    answers = []
    for question in request["questions"]:
        times = []
        rows = []
        for run in range(request["warmUps"] + request["repetitions"]):
            begin = time.perf_counter()
            rows = connection.execute(question["sql"]).fetchall()
            if run >= request["warmUps"]:
                times.append((time.perf_counter() - begin) * 1000)
        answers.append({
            "name": question["name"],
            "rows": [[text(value) for value in row] for row in rows],
            "milliseconds": times,
        })
    json.dump(
        {"version": duckdb.__version__, "loadSeconds": load_seconds, "questions": answers},
        sys.stdout,
    )


if __name__ == "__main__":
    main()
