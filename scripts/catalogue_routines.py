"""The page of procedures and functions, from the COMMENT of each."""

import re

from catalogue_data import ROOT, Stale, capital


SIGNATURE = re.compile(
    r"CREATE OR REPLACE (PROCEDURE|FUNCTION) (\w+)\((.*?)\n?\)\n(?=[ A-Z])(?:RETURNS ([^\n]+)\n)?.*?"
    r"COMMENT\s+'((?:[^']|'')*)'", re.DOTALL)


def plain(kind):
    """A type without its character set."""
    return re.sub(r" CHARACTER SET \w+( COLLATE \w+)?", "", kind).strip()


def routines():
    """The page of every procedure and function that others may call, by subject."""
    subjects = {}
    for path in sorted((ROOT / "procedures").glob("*/*.sql")):
        match = SIGNATURE.search(path.read_text(encoding="utf-8"))
        if not match:
            raise Stale(f"{path.name} has no COMMENT that can be read")
        kind, name, parameters, result, comment = match.groups()
        if not re.search(r"\bHelper\b", comment):
            subjects.setdefault(path.parent.name, []).append(
                (name, kind.lower(), parameters, result, comment.replace("''", "'")))
    lines = [
        "# Procedures and functions", "",
        "Written by scripts/catalogue from the COMMENT of each, which `SHOW CREATE PROCEDURE` prints"
        " too. Routines that only others call are left out; what each may raise is in"
        " [procedures/README.md](../../procedures/README.md).", "",
        " · ".join(f"[{subject}](#{subject})" for subject in subjects),
    ]
    for subject, found in subjects.items():
        lines += ["", f"## {subject}"]
        for name, kind, parameters, result, comment in found:
            taken = [
                plain(line.strip().rstrip(","))
                for line in parameters.split("\n") if line.strip()]
            lines += ["", f"### {name}", ""]
            purpose, sections = comment_parts(comment)
            lines.append(capital(purpose))
            lines.append("")
            signature = f"{name}(" + ", ".join(taken) + ")"
            lines.append(f"- {capital(kind)}: `{signature}`" + (
                f" returns `{plain(result)}`" if result else ""))
            for label, text in sections:
                lines.append(f"- {label}: {text}")
    return "\n".join(lines) + "\n"


def comment_parts(comment):
    """The purpose of a routine, and the labelled parts of its COMMENT behind it."""
    purpose, sections, label = [], [], None
    for line in comment.split("\n"):
        begun = re.match(r"(Parameters|Results?(?: set)?|Outcome|Errors|Transaction|Example): ?(.*)", line)
        if begun:
            label = begun[1]
            sections.append([label, begun[2]])
        elif label is None:
            purpose.append(line.strip())
        elif label == "Parameters" and not line.startswith("        "):
            name, _, rest = line.strip().partition(": ")
            sections[-1][1] += ("; " if sections[-1][1] else "") + f"`{name}` {rest}"
        else:
            sections[-1][1] += " " + line.strip()
    for section in sections:
        if section[0] == "Example":
            section[1] = f"`{section[1]}`"
    return " ".join(purpose), [(name, text.strip()) for name, text in sections]
