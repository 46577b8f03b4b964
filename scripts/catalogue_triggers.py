"""The triggers that follow from the catalogue."""

from catalogue_data import CATALOGUE, GENERATED, ROOT, Stale, read


def audit_trigger(table, entry, event):
    """A trigger that writes an entry of the audit log."""
    row = "OLD" if event == "delete" else "NEW"
    key = [f"{row}.{column}" for column in entry["key"]]
    subject = key[0] if len(key) == 1 else "CONCAT(" + ", ' ', ".join(key) + ")"
    pad = " " * (4 if event != "update" and "condition" not in entry else 8)

    def kept(of):
        values = [f"'{column}', {of}.{column}" for column in entry["columns"]]
        values += [f"'{name}', {text}" for name, text in entry.get("computed", {}).items()]
        return f"{pad}    JSON_OBJECT(\n" + ",\n".join(f"{pad}        {value}" for value in values) + ")"

    before, after = {
        "insert": (f"{pad}    NULL", kept("NEW")), "delete": (kept("OLD"), f"{pad}    NULL"),
        "update": (kept("OLD"), kept("NEW"))}[event]
    action = {"insert": "created", "update": "changed", "delete": "deleted"}[event]
    call = (
        f"{pad}CALL write_audit(\n{pad}    '{entry['subject']}',\n{pad}    {subject},\n"
        f"{pad}    '{action}',\n{before},\n{after});\n")
    if event == "update":
        same = "\n        AND ".join(
            f"NEW.{column} <=> OLD.{column}" for column in entry["columns"])
        call = f"    IF NOT (\n        {same}\n    ) THEN\n{call}    END IF;\n"
    elif "condition" in entry:
        call = f"    -- {entry['why']}\n    IF {entry['condition']} THEN\n{call}    END IF;\n"
    return (
        f"DELIMITER $$\n\n-- {GENERATED}\n"
        f"CREATE OR REPLACE TRIGGER {table}_after_{event}_audit\nAFTER {event.upper()} ON {table}\n"
        f"FOR EACH ROW\nBEGIN\n{call}END$$\n\nDELIMITER ;\n")


def audit_triggers():
    """The text of each trigger of the audit log, by its path."""
    written = {}
    for table, entry in read(CATALOGUE / "audit.toml").items():
        for event in entry.get("events", ["delete", "insert", "update"]):
            path = ROOT / "sql" / "triggers" / f"{table}_after_{event}_audit.sql"
            written[path] = audit_trigger(table, entry, event)
    for path in (ROOT / "sql" / "triggers").glob("*_audit.sql"):
        if path not in written:
            raise Stale(f"{path.name} is not in sql/catalogue/audit.toml: remove it")
    return written
