"""The lists of the catalogue that Swift has too: one enum for each, in a file of its own."""

import re
import textwrap

from catalogue_data import GENERATED, ROOT

FOLDER = ROOT / "Sources" / "PayopsCore"


def case_name(name):
    """A name of the database as Swift writes one."""
    first, *more = name.split("_")
    return first + "".join(part.capitalize() for part in more)


def enum(name, about, cases, rest=""):
    """The file of an enum; each case is its name in the database and what it means."""
    text = f"// {GENERATED}\n\n/// {about}\npackage enum {name}: String, Sendable, CaseIterable {{\n"
    for raw, meaning in cases:
        value = "" if case_name(raw) == raw else f' = "{raw}"'
        text += f"  /// {meaning}.\n  case {case_name(raw)}{value}\n"
    return text + rest + "}\n"


def listed(about, kind, values):
    """A property that is the same for many cases."""
    groups = {}
    for raw, value in values:
        groups.setdefault(value, []).append(f".{case_name(raw)}")
    text = f"\n  /// {about}\n  package var {kind} {{\n    switch self {{\n"
    for value, names in groups.items():
        cases = textwrap.wrap(
            f"case {', '.join(names)}:", 100, initial_indent="    ", subsequent_indent="      ")
        single = len(cases) == 1 and len(cases[0]) + len(value) < 100
        text += "\n".join(cases) + (f" {value}\n" if single else f"\n      {value}\n")
    return text + "    }\n  }\n"


def swift_files(lists):
    """The text of each Swift file, by its path."""
    columns = lists["dimension but all"]
    lengths = [("all", "3")] + [
        (row["name"], re.search(r"\((\d+)\)", row["type"])[1]) for row in columns]
    flags = {
        kind: [("all", first)] + [(row["name"], str(is_so(row)).lower()) for row in columns]
        for kind, first, is_so in (
            ("isOptional", "false", lambda row: row["null"] is not None),
            ("isASCII", "true", lambda row: "SET ascii" in row["type"]))}
    rest = listed("The most characters that a member has.", "maximumLength: Int", lengths)
    rest += listed(
        "Whether payments may have no member.", "isOptional: Bool", flags["isOptional"])
    rest += listed("Whether members are ASCII.", "isASCII: Bool", flags["isASCII"])
    return {
        FOLDER / "Dimension.swift": enum(
            "Dimension", "A dimension by which the rollups count payments.",
            [(row["name"], row["meaning"]) for row in lists["dimension"]], rest),
        FOLDER / "PaymentState.swift": enum(
            "PaymentState", "A state of a payment.",
            [(row["state"], row["meaning"]) for row in lists["state"]]),
    }
