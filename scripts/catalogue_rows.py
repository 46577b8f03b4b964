"""The rows of the catalogue in the database."""

import re
import textwrap

from catalogue_data import CATALOGUE, GENERATED, ROOT, read
from catalogue_views import kpis


def literal(value, indent):
    """A value as SQL: a text is cut where a line would be longer than 100 columns."""
    if value is None:
        return "NULL"
    if isinstance(value, (bool, int)):
        return str(int(value))
    room = 100 - indent - 4
    pieces, piece = [], ""
    for character in value:
        written = {"'": "''", "\\": "\\\\"}.get(character, character)
        if len(piece) + len(written) > room:
            # At a blank where there is one.
            cut = piece.rfind(" ") + 1 or len(piece)
            pieces.append(piece[:cut])
            piece = piece[cut:]
        piece += written
    pieces.append(piece)
    return ("\n" + " " * indent).join(f"'{piece}'" for piece in pieces)


def rows(table, columns, values, keys, about):
    """A file that makes a table hold these rows and no others."""
    text = f"-- {about}\n-- {GENERATED}\n"
    if len(keys) == 1:
        names = ", ".join(f"'{row[0]}'" for row in values)
        listed = textwrap.fill(
            names, 96, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
        text += f"DELETE FROM {table}\nWHERE {keys[0]} NOT IN (\n{listed}\n);\n"
    # One statement stays far below what a server takes in one packet.
    for start in range(0, len(values), 200):
        text += f"INSERT INTO {table} (\n    " + ",\n    ".join(columns) + "\n)\nVALUES\n"
        lines = []
        for row in values[start:start + 200]:
            line, lines_of_row = "    (", []
            for number, value in enumerate(row):
                written = literal(value, 8) + ("," if number < len(row) - 1 else ")")
                first = written.split("\n")[0]
                if len(line) + len(first) + 1 > 99 or "\n" in written:
                    lines_of_row.append(line.rstrip())
                    line = " " * 8
                line += written + " "
                if "\n" in written:
                    lines_of_row.append(line.rstrip())
                    line = " " * 8
            if line.strip():
                lines_of_row.append(line.rstrip())
            lines.append("\n".join(lines_of_row))
        text += ",\n".join(lines)
        text += "\nON DUPLICATE KEY UPDATE\n    " + ",\n    ".join(
            f"{column} = VALUES({column})" for column in columns if column not in keys) + ";\n"
    return text


def kpi_rows(known):
    return rows(
        "kpi_definitions",
        ["kpi_name", "subject", "grain", "formula", "unit", "better", "numerator", "denominator",
         "value_column", "source_view", "time_column", "default_filter"],
        [tuple(kpi[key] for key in (
            "name", "family", "grain", "formula", "unit", "better", "numerator", "denominator",
            "value", "view", "time", "filter")) for kpi in kpis(known)],
        ["kpi_name"], "What each KPI means and where it is.")


def view_rows(known):
    return rows(
        "published_views",
        ["view_name", "family", "purpose", "grain", "key_columns", "time_column", "default_filter",
         "null_note", "reader_roles", "follows", "is_personal", "column_count"],
        [(view["name"], view["family"], view["purpose"], view["grain"], ",".join(view["key"]),
          view.get("time"), view.get("filter"), view["null"], ",".join(view["readers"]),
          view["follows"], any(column["personal"] for column in view["columns"]),
          len(view["columns"]))
         for view in known.values()],
        ["view_name"], "What each published view is, and who may read it.")


def column_rows(known):
    return rows(
        "published_columns",
        ["view_name", "ordinal_position", "column_name", "column_type", "unit", "meaning",
         "null_meaning", "additive", "numerator", "denominator", "is_personal"],
        [(view["name"], number, column["name"], column["type"], column["unit"], column["meaning"],
          column["null"], column["additive"], column.get("numerator"), column.get("denominator"),
          column["personal"])
         for view in known.values() for number, column in enumerate(view["columns"], 1)],
        ["view_name", "ordinal_position"], "What each column of a published view is.") + (
            "DELETE c\n"
            "FROM published_columns AS c\n"
            "LEFT JOIN published_views AS v ON v.view_name = c.view_name\n"
            "WHERE v.view_name IS NULL\n"
            "    OR c.ordinal_position > v.column_count;\n")


def called(text):
    """The functions of the schema that a view calls itself; those of views below it do not count."""
    code = re.sub(r"(?m)--.*$", "", text[text.index("CREATE OR REPLACE VIEW"):])
    words = set(re.findall(r"\b(\w+)\(", re.sub(r"'[^']*'", "''", code)))
    return words & {path.stem for path in (ROOT / "procedures" / "functions").glob("*.sql")}


def grant_rows(known, texts):
    """Who may read which published views, and the functions inside them; texts is their SQL."""
    functions = {
        name: set(roles) for name, roles in read(CATALOGUE / "functions.toml").items()}
    for view in known.values():
        for name in called(texts[view["name"]]):
            functions.setdefault(name, set()).update(view["readers"])
    escape = chr(92) + "_"
    granted = [
        (role, "view", view["name"], "SELECT, SHOW VIEW")
        for view in known.values() for role in view["readers"]]
    granted += [
        (role, "function", name, "EXECUTE")
        for name in sorted(functions) for role in sorted(functions[name])]
    return (
        f"-- Which roles may read which published views and call which functions.\n"
        f"-- {GENERATED}\n"
        "DELETE FROM role_grants\n"
        "WHERE object_kind = 'function' AND role_name <> 'backup'\n"
        "    OR object_kind = 'view' AND NOT (\n"
        "        LEFT(object_pattern, 3) = 'int' AND SUBSTRING(object_pattern, 5, 1) = '_');\n"
        "INSERT INTO role_grants (\n    role_name,\n    object_kind,\n    object_pattern,\n"
        "    privileges\n)\nVALUES\n") + ",\n".join(
            f"    ('{role}', '{kind}', '{name.replace('_', escape)}', '{privileges}')"
            for role, kind, name, privileges in granted) + ";\n"


def dimension_rows(lists):
    return rows(
        "dimension_definitions",
        ["dimension", "dimension_number", "payment_column", "null_member", "has_latency", "meaning"],
        [(row["name"], number, row.get("column"), row["null"], row["route"], row["meaning"])
         for number, row in enumerate(lists["dimension"], 1)],
        ["dimension"], "The dimensions by which rollups count payments.")
