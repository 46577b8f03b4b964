#!/usr/bin/env python3
"""Fails on SQL text in Sources/payops: the command line calls modules, and SQL lives in them.

Looks at each string literal of Swift, of one line or several: one that begins with a word of SQL
and continues as a statement does is SQL text. Help texts that show a statement inside other words
are none.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LITERAL = re.compile(r'"""\n(?P<lines>.*?)"""|"(?P<line>(?:\\.|[^"\\\n])*)"', re.DOTALL)
STATEMENT = re.compile(
    r"\s*(SELECT|INSERT|REPLACE|UPDATE|DELETE|CALL|SHOW|SET|WITH|DO|USE|GRANT|REVOKE|CREATE|DROP"
    r"|ALTER|TRUNCATE|START TRANSACTION|LOCK TABLES|UNLOCK TABLES|KILL|LOAD DATA"
    r"|FROM|WHERE|ORDER BY|GROUP BY|VALUES|(LEFT |INNER )?JOIN)\s+[\\@`\w*(]"
    r"|\s*(COMMIT|ROLLBACK)\s*$")


def found(text):
    """The line and first words of each literal that is SQL."""
    # A statement in the help of an option of another program is in quotes inside a literal.
    text = re.sub(r'--execute "[^"\n]*"', "--execute ...", text)
    for match in LITERAL.finditer(text):
        literal = match["lines"] if match["lines"] is not None else match["line"]
        if STATEMENT.match(literal):
            yield text.count("\n", 0, match.start()) + 1, literal.strip().split("\n")[0][:60]


def main():
    problems = [
        f"{path.relative_to(ROOT)}:{line}: {words}"
        for path in sorted((ROOT / "Sources" / "payops").rglob("*.swift"))
        for line, words in found(path.read_text(encoding="utf-8"))]
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        sys.exit("error: SQL text in Sources/payops belongs into a module or a view")


if __name__ == "__main__":
    main()
