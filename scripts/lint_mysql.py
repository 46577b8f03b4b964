#!/usr/bin/env python3
"""Keeps the SQL such that payops can respell it for MySQL.

Three sieves:

- constructs that only MariaDB has and that payops respells are counted in the files and compared
  with docs/mysql.md, so that none comes in unnoticed;
- constructs that nothing respells, since both servers have another way, must not occur in the files,
  nor a temporary table twice in a statement;
- in what `payops deploy --print --dialect mysql` prints, none of either is left, and sqlglot's MySQL
  parser reads each table and view.

scripts/check-servers runs all of it on a real MySQL.
"""

import pathlib
import re
import subprocess
import sys

import sqlglot

# What Sources/Schema/Dialect respells: each is listed in docs/mysql.md with its number of files.
RESPELLED = [
    ("CREATE OR REPLACE PROCEDURE", r"\bCREATE OR REPLACE PROCEDURE\b"),
    ("CREATE OR REPLACE FUNCTION", r"\bCREATE OR REPLACE FUNCTION\b"),
    ("CREATE OR REPLACE EVENT", r"\bCREATE OR REPLACE EVENT\b"),
    ("CREATE OR REPLACE TRIGGER", r"\bCREATE OR REPLACE TRIGGER\b"),
    ("EXECUTE IMMEDIATE", r"\bEXECUTE IMMEDIATE\b"),
    ("SET STATEMENT", r"\bSET STATEMENT\b"),
    ("CALL read_error", r"\bCALL read_error\b"),
    ("ENGINE = Aria", r"\bENGINE = Aria\b"),
    ("@@in_transaction", r"@@in_transaction\b"),
    ("SET TRANSACTION", r"(?<!COMMIT; )\bSET TRANSACTION ISOLATION LEVEL\b"),
    ("NEXTVAL and LASTVAL", r"\b(CREATE SEQUENCE|NEXTVAL\(|LASTVAL\()"),
    ("ascii_nopad_bin", r"\bascii_nopad_bin\b"),
    ("1.05 / 0.95", r"\b1\.05 / 0\.95(?=[,) ])"),
    ("overflow of a virtual column", r"DIV 1000\) VIRTUAL"),
    ("DEFAULT of a TEXT", r"TEXT [^,\n]*DEFAULT '"),
    ("variables of the server", r"@@(check_constraint_checks|max_recursive_iterations)\b"),
]
# What both servers have in another way, which the files use.
REFUSED = [
    ("CREATE OR REPLACE TEMPORARY TABLE", r"\bCREATE OR REPLACE TEMPORARY TABLE\b"),
    ("DEFAULT UTC_TIMESTAMP() of a column without parentheses", r"NULL\s+DEFAULT UTC_TIMESTAMP\("),
    ("CAST(... AS INT)", r"\bAS INT\)"),
    ("RETURNING", r"\bRETURNING\b"),
    ("SEQUENCE engine", r"\bseq_\d+_to_\d+\b"),
    ("MEDIAN or PERCENTILE_CONT", r"\b(MEDIAN|PERCENTILE_CONT|PERCENTILE_DISC)\s*\("),
    ("MD5 or SHA1, which MySQL 9 has no more: SHA2", r"\b(MD5|SHA1|SHA)\("),
    ("JSON_EXISTS: JSON_CONTAINS_PATH", r"\bJSON_(EXISTS|DETAILED|LOOSE|COMPACT|QUERY)\("),
    ("REGEXP_SUBSTR that returns '' for nothing: COALESCE around it", r"(?<!COALESCE\()REGEXP_SUBSTR\("),
    ("JSON_VALUE with a path that is not a literal: JSON_EXTRACT",
     r"\bJSON_VALUE\(\s*[\w.@]+,\s*[^'\s]"),
]
ROOT = pathlib.Path(__file__).resolve().parent.parent
PAYOPS = ROOT / ".build/debug/payops"


def without_comments(text: str) -> str:
    return re.sub(r"--[^\n]*", " ", text)


def without_texts(text: str) -> str:
    return re.sub(r"'(?:''|[^'])*'", "''", without_comments(text))


def sources() -> dict[str, str]:
    """The files that are deployed on MariaDB, by name."""
    files = sorted([*ROOT.glob("sql/**/*.sql"), *ROOT.glob("procedures/**/*.sql")])
    # Earlier versions are only compared with existing tables, and MySQL begins with the present one.
    left_out = ("sql/earlier/", "sql/migrations/", "sql/mysql/")
    names = {file.relative_to(ROOT).as_posix(): file for file in files}
    return {name: file.read_text() for name, file in names.items() if not name.startswith(left_out)}


def found(constructs, texts: dict[str, str]) -> dict[str, list[str]]:
    """The files of each construct; texts count where a rule covers them."""
    result: dict[str, list[str]] = {}
    for name, text in texts.items():
        for construct, pattern in constructs:
            # A default is a text itself.
            code = without_comments(text) if pattern.endswith("'") else without_texts(text)
            if re.search(pattern, code):
                result.setdefault(construct, []).append(name)
    return result


def reopened(texts: dict[str, str]) -> list[str]:
    """Statements that use a temporary table more than once, which MySQL refuses (error 1137)."""
    made = r"\bCREATE TEMPORARY TABLE (?:IF NOT EXISTS )?(\w+)"
    temporary = {name for text in texts.values() for name in re.findall(made, text)}
    errors = []
    for file, text in texts.items():
        for statement in without_comments(text).split(";"):
            used = re.findall(r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+(\w+)", statement)
            errors += [f"{file} uses the temporary table {name} twice in a statement"
                       for name in sorted(temporary.intersection(used)) if used.count(name) > 1]
    return errors


def printed() -> dict[str, str]:
    """What payops prints for MySQL, by file."""
    text = subprocess.run([PAYOPS, "deploy", "--print", "--dialect", "mysql"], check=True,
                          capture_output=True, text=True).stdout
    parts = re.split(r"^-- (?:create|load) (\S+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def unparsed(texts: dict[str, str]) -> list[str]:
    """Tables and views that are not MySQL to sqlglot."""
    names = []
    for name, text in texts.items():
        if not name.startswith(("sql/tables/", "sql/mysql/tables/", "sql/views/")):
            continue
        for statement in re.sub(r"^DELIMITER.*$", "", text, flags=re.MULTILINE).split("\n$$\n"):
            try:
                sqlglot.parse(statement, read="mysql", error_level=sqlglot.ErrorLevel.RAISE)
            except sqlglot.errors.ParseError:
                names.append(name)
    return names


def main() -> int:
    errors = []
    files = sources()
    respelled = found(RESPELLED, files)
    if "--list" in sys.argv:
        for construct, names in respelled.items():
            print(f"{construct}: {len(names)}", *names, sep="\n    ")
    listed = {match.group(1): int(match.group(2)) for match in re.finditer(
        r"^\| `([^`]+)` \| (\d+) \|", (ROOT / "docs/mysql.md").read_text(), re.MULTILINE)}
    counted = {construct: len(names) for construct, names in respelled.items()}
    for construct in sorted(listed.keys() | counted.keys()):
        if listed.get(construct) != counted.get(construct):
            errors.append(f"docs/mysql.md lists {construct} in {listed.get(construct, 0)} files, "
                          f"the sources have it in {counted.get(construct, 0)}")
    for construct, names in found(REFUSED, files).items():
        errors.append(f"MySQL has no {construct}: {', '.join(names)}")
    errors += reopened(files)
    output = printed()
    if len(output) < len(files):
        errors.append(f"payops prints {len(output)} of {len(files)} files")
    for construct, names in found(RESPELLED + REFUSED, output).items():
        errors.append(f"{construct} is left in the SQL for MySQL: {', '.join(names)}")
    for name in unparsed(output):
        errors.append(f"sqlglot does not read {name} as MySQL")
    for error in errors:
        print(f"error: {error}", file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
