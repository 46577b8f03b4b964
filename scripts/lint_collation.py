#!/usr/bin/env python3
"""Lists texts in SQL files whose character set or collation depends on the server.

A parameter, variable, result of a function or column without both takes the defaults of whatever
server the schema is deployed on; those differ between versions (utf8mb4_general_ci in MariaDB 10.11,
utf8mb4_uca1400_ai_ci in 11.8), and comparing two such texts then fails with error 1267. The columns
of a table may leave it to the options of the table, which must then name both.
"""

import pathlib
import re
import sys

# Comments, strings and quoted names; a comment with hyphens needs a blank after them.
SKIPPED = re.compile(r"--(?=\s)[^\n]*|/\*.*?\*/|'(?:''|\\.|[^'\\])*'|`[^`]*`", re.DOTALL)
TYPE = re.compile(
    r"\b(?:(?:VAR)?CHAR|(?:TINY|MEDIUM|LONG)?TEXT|JSON|(?:ENUM|SET)(?=\s*\())\b(?:\s*\([^()]*\))?")
EXPLICIT = re.compile(r"\s*CHARACTER SET \w+\s+COLLATE \w+")
# CAST(… AS CHAR) takes the collation of the connection, which is stored with a routine. A view is
# stored as CAST(… AS CHAR CHARSET utf8mb4), and each session that reads it chooses the collation.
CAST = re.compile(r"\bAS\s+\Z")
STABLE_CAST = re.compile(r"\s*(?:CHARACTER SET ascii\s*\)|\)\s*COLLATE \w+)")
VIEW = re.compile(r"\bCREATE OR REPLACE VIEW\b[^;]*")
TABLE = re.compile(r"\bCREATE (?:OR REPLACE )?(?:TEMPORARY )?TABLE\b[^;]*")
OPTIONS = re.compile(r"\bCHARACTER SET\s*=\s*\w+\s+COLLATE\s*=\s*\w+")
# Neither the client's default nor that of the server: 11.8 maps a bare utf8mb4 to another collation.
HALF = re.compile(
    r"\bCHARACTER SET utf8mb4\b(?!\s+COLLATE)(?!\s*=)|\bUSING utf8mb4\b(?!\s*\)\s*COLLATE)")


def findings(text: str) -> list[int]:
    """Line numbers of the texts in a file that depend on the server."""
    code = SKIPPED.sub(lambda skipped: re.sub(r"[^\n]", "_", skipped.group()), text)
    collated = [m.span() for m in TABLE.finditer(code) if OPTIONS.search(m.group())]
    views = [m.span() for m in VIEW.finditer(code)]
    starts = [m.start() for m in HALF.finditer(code)]
    for match in TYPE.finditer(code):
        start, rest = match.start(), code[match.end() :]
        if CAST.search(code[:start]):
            isIn = any(a <= start < b for a, b in views)
            isStable = not isIn or STABLE_CAST.match(rest)
        elif any(a <= start < b for a, b in collated):
            isStable = EXPLICIT.match(rest) or not re.match(r"\s*CHARACTER SET", rest)
        else:
            isStable = EXPLICIT.match(rest)
        if not isStable:
            starts.append(start)
    return sorted({text.count("\n", 0, start) + 1 for start in starts})


# Examples that the rule must find or accept, since a rule that never finds anything proves nothing.
SAMPLES = [
    ("CREATE PROCEDURE p(IN in_a VARCHAR(8))", [1]),
    ("RETURNS CHAR(2)\n", [1]),
    ("DECLARE v_a TEXT;\nDECLARE v_b LONGTEXT CHARACTER SET utf8mb4;", [1, 2]),
    ("DECLARE v_a VARCHAR(8) CHARACTER SET ascii;", [1]),
    ("DECLARE v_a ENUM ('CHAR', 'b') DEFAULT 'b';", [1]),
    ("CREATE TEMPORARY TABLE t (\n    a VARCHAR(8) NOT NULL\n) ENGINE = Aria;", [2]),
    ("CONVERT(a USING ascii),\nCAST(a AS CHAR CHARACTER SET utf8mb4)", [2]),
    ("CONVERT(a USING utf8mb4) COLLATE utf8mb4_bin,\nCONVERT(a USING utf8mb4)", [2]),
    ("DECLARE v_a VARCHAR(8) CHARACTER SET ascii\n    COLLATE ascii_bin DEFAULT 'TEXT';", []),
    ("CREATE TABLE t (\n    a TEXT\n) DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_bin;", []),
    ("CREATE OR REPLACE VIEW v AS SELECT\n    CAST(a AS CHAR(8)) AS a", [2]),
    ("CREATE OR REPLACE VIEW v AS\nSELECT CAST(a AS CHAR(8)) COLLATE ascii_bin", []),
    ("CREATE OR REPLACE VIEW v AS\nSELECT CAST(a AS CHAR(8) CHARACTER SET ascii)", []),
    ("SELECT CAST(a AS CHAR(8)), 'CHAR(8)', CHAR_LENGTH(a) -- TEXT\nFROM t", []),
    ("UPDATE t SET a = 1; SET v_a = (SELECT 1);", []),
]


def main() -> int:
    failures = [text for text, lines in SAMPLES if findings(text) != lines]
    for text in failures:
        print(f"the rule of collations is wrong about: {text}", file=sys.stderr)
    root = pathlib.Path(__file__).resolve().parent.parent
    found = 0
    for file in sorted([*root.glob("sql/**/*.sql"), *root.glob("procedures/**/*.sql")]):
        for line in findings(file.read_text()):
            found += 1
            print(
                f"{file.relative_to(root)}:{line}: say CHARACTER SET and COLLATE of the text",
                file=sys.stderr,
            )
    return 1 if failures or found else 0


if __name__ == "__main__":
    sys.exit(main())
