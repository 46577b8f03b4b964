"""The triggers that capture changes, from sql/catalogue/capture.toml."""

from catalogue_data import GENERATED, ROOT, Stale
from catalogue_lists import captures

HEADS = {
    "insert": "Captures a {subject} that appeared, once; a bulk load adds its own rows to the rollups"
    " itself.",
    "update": "Captures a change of a {subject}: the old version ends, the new one appears. An update"
    " that\n-- touches nothing the rollups depend on is not captured.",
    "delete": "Captures a {subject} that ended, once.",
}

TRIGGER = """\
DELIMITER $$

{head}
CREATE OR REPLACE TRIGGER {table}_after_{event}_capture
AFTER {EVENT} ON {table}
FOR EACH ROW
BEGIN
    DECLARE v_is_bulk_load BOOLEAN DEFAULT FALSE;

{body}END$$

DELIMITER ;
"""

IS_BULK_LOAD = """\
IF @payops_bulk_load IS NOT NULL THEN
    SET v_is_bulk_load = (BINARY LASTVAL(bulk_loads) <=> BINARY @payops_bulk_load);
END IF;
"""

OWN_LOAD = """\
-- The variable alone is worth nothing: the number is that of begin_bulk_load in this session.
""" + IS_BULK_LOAD

REFUSED_LOAD = """\
-- In a bulk load the row may be one of its own, which apply_bulk_load adds as it then is.
""" + IS_BULK_LOAD + """\
IF v_is_bulk_load THEN
    SIGNAL SQLSTATE '45000' SET
        MYSQL_ERRNO = 30007,
        MESSAGE_TEXT = '{table}: row {event}d in a session that loads in bulk';
END IF;
"""

BOUNDS = """\
-- Bounds as values: a function would cost each row more than the row itself. Adding nothing
-- gives NULL for 0000-00-00 and for days that no month has.
{only}(NEW.{bounded} + INTERVAL 0 SECOND
        BETWEEN TIMESTAMP'1990-01-01 00:00:00' AND TIMESTAMP'2099-12-31 23:59:59') IS NOT TRUE
THEN
    SIGNAL SQLSTATE '45000' SET
        MYSQL_ERRNO = 30011,
        MESSAGE_TEXT = '{table}: {bounded} is not from 1990 to 2099';
END IF;
"""

ONLY_CHANGED = """\
-- Only what changes: a row from before the bounds keeps what it has.
IF NOT (NEW.{bounded} <=> OLD.{bounded})
    AND """


def indented(text, depth):
    return "".join(" " * depth + line for line in text.splitlines(keepends=True))


def value(entry, column, row):
    """The value of a column of the log, of a row of the table."""
    return entry["computed"].get(column, f"@.{column}").replace("@.", f"{row}.")


def unchanged(entry, column):
    """The condition that a column of the log is the same before and after."""
    old, new = value(entry, column, "OLD"), value(entry, column, "NEW")
    if "\n" not in old:
        return f"{old} <=> {new}"
    return f"{old}\n<=> {new}".replace("\n", "\n        ")


def logged(entry, versions):
    """The statement that writes versions of a row into the log."""
    columns = ",\n".join(f"    {column}" for column in ["change_sign", *entry["columns"]])
    rows = "), (\n".join(
        ",\n".join(indented(text, 4) for text in [
            sign, *(value(entry, column, row) for column in entry["columns"])]) + "\n"
        for sign, row in versions)
    return f"INSERT INTO {entry['log']} (\n{columns}\n) VALUES (\n{rows});\n"


def body(table, entry, event):
    """The statements of a trigger."""
    text = ""
    if "bounded" in entry and event != "delete":
        only = ONLY_CHANGED.format(**entry) if event == "update" else "IF "
        text += BOUNDS.format(table=table, only=only, bounded=entry["bounded"])
    if event == "insert":
        return text + OWN_LOAD + "IF NOT v_is_bulk_load THEN\n" + indented(
            logged(entry, [("1", "NEW")]), 4) + "END IF;\n"
    refused = REFUSED_LOAD.format(table=table, event=event)
    if event == "update":
        same = "\n    AND ".join(
            unchanged(entry, column) for column in entry["columns"]
            if column not in entry.get("ignored", []))
        change = refused + logged(entry, [("-1", "OLD"), ("1", "NEW")])
        return text + f"IF NOT (\n    {same}\n) THEN\n" + indented(change, 4) + "END IF;\n"
    ended = logged(entry, [("-1", "OLD")])
    if "archive" not in entry:
        return text + refused + ended
    key = "\n        AND ".join(
        f"a.{column} = OLD.{column}" for column in entry["archive_key"])
    return (
        text + refused + f"-- A {entry['subject']} that is in the archive continues to count.\n"
        f"IF NOT EXISTS (\n    SELECT 1\n    FROM {entry['archive']} AS a\n    WHERE {key}\n"
        ") THEN\n" + indented(ended, 4) + "END IF;\n")


def capture_triggers():
    """The text of each trigger that captures changes, by its path."""
    found = {}
    folder = ROOT / "sql" / "triggers"
    for table, entry in captures().items():
        for event, head in HEADS.items():
            lines = [head.format(**entry), *entry.get("notes", "").splitlines(), GENERATED]
            found[folder / f"{table}_after_{event}_capture.sql"] = TRIGGER.format(
                head="\n".join(f"-- {line}" for line in lines), table=table, event=event,
                EVENT=event.upper(), body=indented(body(table, entry, event), 4))
    for path in folder.glob("*_capture.sql"):
        if path not in found:
            raise Stale(f"{path.name} is not in sql/catalogue/capture.toml: remove it")
    return found
