#!/usr/bin/env python3
"""Lists constructs in the SQL files that MySQL 8.4 would refuse, and compares them with docs/mysql.md.

Two sieves: a table of constructs that only MariaDB has, found by their spelling outside of comments
and strings, and sqlglot's MySQL parser for tables and views. Every finding must be listed in
docs/mysql.md by construct and number of files; a new one, or one that went away, fails.
"""

import pathlib
import re
import sys

import sqlglot

CONSTRUCTS = [
    ("CREATE OR REPLACE PROCEDURE", r"\bCREATE OR REPLACE PROCEDURE\b"),
    ("CREATE OR REPLACE FUNCTION", r"\bCREATE OR REPLACE FUNCTION\b"),
    ("CREATE OR REPLACE EVENT", r"\bCREATE OR REPLACE EVENT\b"),
    ("CREATE OR REPLACE TRIGGER", r"\bCREATE OR REPLACE TRIGGER\b"),
    ("CREATE OR REPLACE TEMPORARY TABLE", r"\bCREATE OR REPLACE TEMPORARY TABLE\b"),
    ("EXECUTE IMMEDIATE", r"\bEXECUTE IMMEDIATE\b"),
    ("ENGINE = Aria", r"\bENGINE = Aria\b"),
    ("@@in_transaction", r"@@in_transaction\b"),
    ("DEFAULT UTC_TIMESTAMP() of a column without parentheses", r"NULL\s+DEFAULT UTC_TIMESTAMP\("),
    ("CAST(... AS INT)", r"\bAS INT\)"),
    ("RETURNING", r"\bRETURNING\b"),
    ("NEXTVAL and LASTVAL", r"\b(CREATE SEQUENCE|NEXTVAL\(|LASTVAL\()"),
    ("SEQUENCE engine", r"\bseq_\d+_to_\d+\b"),
    ("MEDIAN or PERCENTILE_CONT", r"\b(MEDIAN|PERCENTILE_CONT|PERCENTILE_DISC)\s*\("),
]


def without_comments_and_strings(text: str) -> str:
    text = re.sub(r"--[^\n]*", " ", text)
    return re.sub(r"'(?:''|[^'])*'", "''", text)


def findings(root: pathlib.Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    files = sorted([*root.glob("sql/**/*.sql"), *root.glob("procedures/**/*.sql")])
    for file in files:
        name = file.relative_to(root).as_posix()
        # Earlier versions: they are only compared with existing tables, never run.
        if name.startswith("sql/earlier/"):
            continue
        raw = file.read_text()
        code = without_comments_and_strings(raw)
        for construct, pattern in CONSTRUCTS:
            if re.search(pattern, code):
                found.setdefault(construct, []).append(name)
        if name.startswith(("sql/tables/", "sql/views/")):
            try:
                sqlglot.parse(raw, read="mysql", error_level=sqlglot.ErrorLevel.RAISE)
            except sqlglot.errors.ParseError:
                found.setdefault("not parsed by sqlglot as MySQL", []).append(name)
    return found


def main() -> int:
    root = pathlib.Path(__file__).resolve().parent.parent
    found = findings(root)
    document = (root / "docs/mysql.md").read_text() if (root / "docs/mysql.md").exists() else ""
    listed = {
        match.group(1): int(match.group(2))
        for match in re.finditer(r"^\| `([^`]+)` \| (\d+) \|", document, re.MULTILINE)
    }
    counted = {construct: len(names) for construct, names in found.items()}
    if "--list" in sys.argv:
        for construct, names in found.items():
            print(f"{construct}: {len(names)}")
            for name in names:
                print(f"    {name}")
    if listed == counted:
        return 0
    for construct in sorted(listed.keys() | counted.keys()):
        if listed.get(construct) != counted.get(construct):
            print(
                f"docs/mysql.md lists {construct} in {listed.get(construct, 0)} files, "
                f"the sources have it in {counted.get(construct, 0)}",
                file=sys.stderr,
            )
    return 1


if __name__ == "__main__":
    sys.exit(main())
