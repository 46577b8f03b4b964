"""Damages of a backup of MySQL, each of which a verification must find."""

import hashlib
import json
import re
import shutil
import subprocess

GRANT = "GRANT ALL ON *.* TO intruder@`%`;\n"


def without_first(pattern):
    """Removes the first match from the text of a dump."""
    def change(text):
        return re.sub(pattern, "", text, count=1, flags=re.MULTILINE | re.DOTALL)
    return change


def instead(old, new):
    """Replaces the first occurrence."""
    return lambda text: text.replace(old, new, 1)


def before_end(statement):
    """Adds a statement before the last line."""
    return lambda text: text.replace("\n-- Dump completed", f"\n{statement}\n-- Dump completed", 1)


# Name, change of the text, and a word of what is found.
FORGED = [
    ("rows of a table are gone", without_first(r"^INSERT INTO `customers`[^\n]*\n"), "customers"),
    ("a value is another", instead("'completed'", "'cancelled'"), "rows"),
    ("a trigger is gone", without_first(
        r"^/\*!50003 CREATE\*/ [^\n]*TRIGGER `transactions_after_insert_capture`.*?;;$"),
     "trigger transactions_after_insert_capture is missing"),
    ("a routine is gone", without_first(
        r"^CREATE DEFINER=[^\n]* PROCEDURE `refresh_rollups`.*?;;$"),
     "procedure refresh_rollups is missing"),
    ("a routine does something else", instead(
        "PROCEDURE `refresh_rollups`", "PROCEDURE `refresh_rollups_`"), "refresh_rollups"),
    ("a statement gives privileges", before_end(GRANT), "a dump of a schema never contains"),
    ("a comment for MySQL alone gives privileges",
     before_end(f"/*!80000 {GRANT.rstrip(';' + chr(10))} */;\n"),
     "a dump of a schema never contains"),
    ("the end is missing", lambda text: text[: text.rindex("\n-- Dump completed")], "last line"),
]


def forge(source, target, change):
    """A copy of a backup with another dump, and a manifest that fits its file."""
    shutil.copytree(source, target)
    data, path = target / "dump.sql.zst", target / "manifest.json"
    text = subprocess.run(["zstd", "-dc", data], check=True, capture_output=True).stdout
    changed = change(text.decode("latin-1")).encode("latin-1")
    if changed == text:
        raise ValueError(f"the dump does not hold what {target.parent.name} is about")
    packed = subprocess.run(["zstd", "-c"], input=changed, check=True, capture_output=True).stdout
    data.write_bytes(packed)
    manifest = json.loads(path.read_text())
    manifest["data"].update(
        storedBytes=len(packed), rawBytes=len(changed), sha256=hashlib.sha256(packed).hexdigest())
    path.write_text(json.dumps(manifest))


def cut(source, target):
    """A copy of a backup whose file has lost its end."""
    shutil.copytree(source, target)
    data = target / "dump.sql.zst"
    data.write_bytes(data.read_bytes()[:-1000])
