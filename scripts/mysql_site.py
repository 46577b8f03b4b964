"""A private MySQL as a provider manages it, for scripts/check-mysql-binary.

It is reached by TCP and TLS alone, with a binary log, and by accounts without SUPER. Every statement
of the checks themselves comes from root by the socket.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAYOPS = os.environ.get("PAYOPS", ROOT / ".build" / "debug" / "payops")
PASSWORD = "No SUPER 1!"
# What the administrator of a managed server has: much, but neither SUPER nor files of the server.
MANAGED = """SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX,
    ALTER, SHOW DATABASES, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, REPLICATION SLAVE,
    REPLICATION CLIENT, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT,
    TRIGGER, CREATE ROLE, DROP ROLE, ROLE_ADMIN, SHOW_ROUTINE, SET_ANY_DEFINER"""


def check(name, condition, found=""):
    """Prints a check; ends when it fails."""
    if not condition:
        sys.exit(f"FAILED {name}: {found}")
    print(f"ok {name}", flush=True)


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Site:
    """The server, its folder, and option files of accounts."""

    def __init__(self, folder):
        self.folder = folder
        programs = subprocess.run([ROOT / "scripts/fetch-server", "mysql"], check=True, text=True,
                                  stdout=subprocess.PIPE).stdout.strip()
        self.programs = pathlib.Path(programs)
        self.environment = dict(os.environ, PATH=f"{programs}:{os.environ['PATH']}")
        self.socket, self.port = folder / "mysql.sock", free_port()
        self.process = None

    def start(self):
        """Installs and starts the server."""
        subprocess.run([ROOT / "Tests/Support/Programs/make-certificates", self.folder], check=True)
        user = f"--user={os.environ.get('USER', 'root')}"
        log = self.folder / "mysql.log"
        options = ["--no-defaults", f"--datadir={self.folder / 'data'}", user, f"--log-error={log}"]
        subprocess.run([self.programs / "mysqld", *options, "--initialize-insecure"], check=True)
        self.process = subprocess.Popen([
            self.programs / "mysqld", *options, f"--socket={self.socket}", f"--port={self.port}",
            "--bind-address=127.0.0.1", "--mysqlx=OFF", "--skip-innodb-doublewrite",
            "--innodb-flush-log-at-trx-commit=2", "--sync-binlog=0",
            f"--log-bin={self.folder / 'binlog'}", "--server-id=1", "--require-secure-transport=ON",
            # As one provider or another has them.
            "--disabled-storage-engines=MyISAM,ARCHIVE,BLACKHOLE,FEDERATED", "--partial-revokes=ON",
            "--sql-generate-invisible-primary-key=ON",
            f"--ssl-ca={self.folder / 'authority.pem'}", f"--ssl-cert={self.folder / 'server.pem'}",
            f"--ssl-key={self.folder / 'server.key'}", f"--pid-file={self.folder / 'pid'}"])
        ping = [self.programs / "mysqladmin", "--no-defaults", "-uroot", f"--socket={self.socket}",
                "ping"]
        end = time.monotonic() + 120
        while subprocess.run(ping, capture_output=True, check=False).returncode:
            if self.process.poll() is not None or time.monotonic() > end:
                sys.exit(f"error: MySQL does not start\n{log.read_text()}")
            time.sleep(0.1)

    def stop(self):
        """Ends the server."""
        if self.process:
            self.process.terminate()
            self.process.wait()

    def account(self, name, grants):
        """Makes an account that connects by TLS, and its option file."""
        self.query(f"CREATE USER `{name}`@`127.0.0.1` IDENTIFIED BY '{PASSWORD}'; " + "".join(
            f"GRANT {grant} TO `{name}`@`127.0.0.1` {passing};" for grant, passing in grants))
        self.option_file(name)

    def option_file(self, name):
        """The option file of an account."""
        path = self.folder / f"{name}.cnf"
        path.write_text(
            f"[client]\nhost=127.0.0.1\nport={self.port}\nuser={name}\npassword=\"{PASSWORD}\"\n"
            f"[payops]\ntls=verify-identity\ntls-ca={self.folder / 'authority.pem'}\n")
        path.chmod(0o600)

    def query(self, sql, schema=""):
        """Rows of texts, by root."""
        done = self.client("root", schema, sql)
        if done.returncode:
            sys.exit(f"error: {sql}\n{done.stderr}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def client(self, user, schema, sql):
        """The plain client as some account; root comes by the socket, others by their files."""
        # Who may not do everything goes on after a refusal.
        place = ["-uroot", f"--socket={self.socket}"] if user == "root" else [
            "--host=127.0.0.1", f"--port={self.port}", f"--user={user}", "--force"]
        return subprocess.run(
            [self.programs / "mysql", "--no-defaults", *place, "--batch", "-N",
             "--default-character-set=utf8mb4", schema],
            input=sql, text=True, capture_output=True, check=False,
            env=dict(self.environment, MYSQL_PWD="" if user == "root" else PASSWORD))

    def payops(self, account, *words, schema="payops", status=0):
        """Standard output and errors of a command; ends the check at another status."""
        done = subprocess.run(
            [PAYOPS, *map(str, words), "--defaults-file", self.folder / f"{account}.cnf",
             "--database", schema], text=True, capture_output=True, check=False,
            env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL)
        if status is not None and done.returncode != status:
            sys.exit(f"FAILED payops {' '.join(map(str, words))}: status {done.returncode}\n"
                     f"{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def findings(self, account, schema="payops"):
        """What doctor says, by the name of the check."""
        text = self.payops(account, "doctor", "--json", schema=schema, status=None)
        checks = json.loads(text[text.index("["):text.rindex("]") + 1])
        return {check["check"]: check for check in checks}
