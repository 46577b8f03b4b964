"""Backups of a MySQL, for scripts/check-mysql-binary: made, verified, restored, and damaged."""

import hashlib
import json
import re
import shutil
import subprocess

from mysql_site import PAYOPS, check

GRANT = "GRANT ALL ON *.* TO intruder@`%`;\n"


def without_first(pattern):
    """Removes the first match from the text of a dump."""
    def change(text):
        return re.sub(pattern, "", text, count=1, flags=re.MULTILINE | re.DOTALL)
    return change


def instead(old, new):
    """Replaces the first occurrence."""
    return lambda text: text.replace(old, new, 1)


def with_other_value(text):
    """Gives a payment another state."""
    return re.sub(r"^(INSERT INTO `transactions` [^\n]*?)'completed'", r"\1'cancelled'", text,
                  count=1, flags=re.MULTILINE)


def before_end(statement):
    """Adds a statement before the last line."""
    return lambda text: text.replace("\n-- Dump completed", f"\n{statement}\n-- Dump completed", 1)


# Name, change of the text, and a word of what is found.
FORGED = [
    ("rows of a table are gone", without_first(r"^INSERT INTO `customers`[^\n]*\n"),
     "table customers has 0 rows"),
    ("a value is another", with_other_value, "the rows of table transactions are not those"),
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
        stored_bytes=len(packed), raw_bytes=len(changed), sha256=hashlib.sha256(packed).hexdigest())
    path.write_text(json.dumps(manifest))


def cut(source, target):
    """A copy of a backup whose file has lost its end."""
    shutil.copytree(source, target)
    data = target / "dump.sql.zst"
    data.write_bytes(data.read_bytes()[:-1000])


def backup_in(folder):
    """The one backup of a folder."""
    return next(path for path in folder.iterdir() if path.name.startswith("payops-"))


def check_backups(site):
    """Makes, verifies, restores and damages."""
    said = site.payops("master", "backup", "create", "--dir", "good")
    check("a backup is verified by a MySQL of its own", "verified    yes" in said, said)
    # By its name: the register knows later ones in other folders, and --latest would ask for these.
    good = backup_in(site.folder / "good")
    site.payops("master", "restore", good.name, "--as", "copy", "--dir", "good")
    drift = site.payops("master", "deploy", "--check", schema="copy")
    check("the restored copy has no drift", drift == "no drift\n", drift)
    site.payops("master", "reconcile", schema="copy")
    rows = "SELECT SUM(base_amount), COUNT(*), MAX(transaction_id) FROM transactions"
    check("the copy has the payments", site.query(rows, "payops") == site.query(rows, "copy"))
    said = site.payops("master", "restore", good.name, "--replace", "--confirm", "payops", "--dir",
                       "good", status=78)
    check("replacing a schema is refused, with what to do instead", "drop the schema" in said, said)
    said = site.payops("master", "restore", good.name, "--to", "2030-01-01 00:00:00", "--as", "x",
                       "--dir", "good", status=78)
    check("a point in time is refused, with what to do instead", "mysqlbinlog" in said, said)
    # By an account that does not see the register, which would refuse a changed manifest first.
    site.account("stranger", [("USAGE ON *.*", "")])
    damages = [(name, lambda to, change=change: forge(good, to, change), word)
               for name, change, word in FORGED]
    damages.append(("the file is cut", lambda to: cut(good, to), "bytes"))
    for number, (name, damage, word) in enumerate(damages):
        folder = site.folder / f"bad-{number}"
        damage(folder / good.name)
        said = site.payops("stranger", "backup", "verify", good.name, "--dir", folder, status=None)
        check(f"found: {name}", word in said and "verified    yes" not in said, said)
    said = site.payops("master", "backup", "verify", good.name, "--dir", site.folder / "bad-0",
                       status=None)
    check("the register of the database knows another manifest", "register of the database" in said,
          said)
    check_other_product(site)


def check_other_product(site):
    """A backup of MariaDB is not restored on MySQL."""
    server = site.folder / "mariadb"
    words = ["--data-dir", server]
    subprocess.run([PAYOPS, "deploy", *words], check=True, capture_output=True)
    try:
        subprocess.run([PAYOPS, "backup", "create", "--no-verify", "--dir", site.folder / "other",
                        *words], check=True, capture_output=True)
    finally:
        subprocess.run([PAYOPS, "server", "stop", *words], check=True, capture_output=True)
    said = site.payops("master", "restore", backup_in(site.folder / "other").name, "--as", "other",
                       "--dir", "other", status=78)
    check("a backup of MariaDB is refused", "does not restore" in said, said)
