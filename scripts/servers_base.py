"""Private servers of three releases, and sessions on them, for scripts/check-servers and scripts/test-mysql."""

import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAYOPS = os.environ.get("PAYOPS", ROOT / ".build" / "debug" / "payops")
NAMES = "SET NAMES utf8mb4 COLLATE utf8mb4_general_ci"
# The same of everything that both products have, and otherwise their defaults, sql_mode above all.
OPTIONS = ["--skip-networking", "--skip-log-bin", "--local-infile=ON", "--skip-name-resolve",
           "--event-scheduler=OFF", "--default-time-zone=+00:00", "--innodb-buffer-pool-size=512M",
           "--innodb-flush-log-at-trx-commit=2", "--skip-innodb-doublewrite",
           "--tmp-table-size=256M", "--max-heap-table-size=256M"]
MARIADB = ["--performance-schema=OFF", "--innodb-log-file-size=256M"]
MYSQL = ["--mysqlx=OFF", "--innodb-redo-log-capacity=256M"]


def run(*words, **more):
    """Runs a program and returns its output; ends the check when it fails."""
    done = subprocess.run(
        [str(word) for word in words], text=True, capture_output=True, check=False, **more)
    if done.returncode:
        sys.exit(f"error: {' '.join(map(str, words))}\n{done.stdout}{done.stderr}")
    return done.stdout


def check(name, condition, found=""):
    """Prints a check; ends when it fails."""
    if not condition:
        sys.exit(f"FAILED {name}: {found}")
    print(f"ok {name}", flush=True)


class Session:
    """One connection, held open by the plain client, so that clocks and variables stay."""

    def __init__(self, server, schema="", account="root", initially=NAMES):
        words = [*server.client, f"-u{account}", "--batch", "-N", "--force", "--unbuffered",
                 "--default-character-set=utf8mb4", schema]
        if initially:
            words.insert(-1, f"--init-command={initially}")
        self.name = f"{server.name}.{schema}"
        self.process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, encoding="utf-8", bufsize=1)
        self.number = 0

    def send(self, sql):
        """Hands statements over without waiting for their end."""
        self.number += 1
        self.process.stdin.write(f"{sql};\nSELECT '<end {self.number}>';\n")
        self.process.stdin.flush()

    def answer(self):
        """Rows of texts of what was sent last, and the errors."""
        rows, errors = [], []
        for line in self.process.stdout:
            line = line.rstrip("\n")
            if line == f"<end {self.number}>":
                return rows, errors
            (errors if line.startswith("ERROR ") else rows).append(line)
        sys.exit(f"error: {self.name}: the connection is lost\n" + "\n".join(rows[-5:] + errors))

    def attempt(self, sql):
        """Rows and errors of statements."""
        self.send(sql)
        return self.answer()

    def query(self, sql):
        """Rows of texts; ends the check at an error."""
        rows, errors = self.attempt(sql)
        if errors:
            sys.exit(f"error: {self.name}: {sql[:500]}\n" + "\n".join(errors))
        return [row.split("\t") for row in rows]

    def value(self, sql):
        """The one value of a query."""
        return self.query(sql)[0][0]

    def set_clock(self, moment):
        """Has the clock of this session stand still."""
        self.query(f"SET timestamp = UNIX_TIMESTAMP('{moment}');"
                   f" SET @payops_as_of = '{moment}'")

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Server:
    """A private server, which the plain client and payops reach by a socket."""

    def __init__(self, name, client, socket, process):
        self.name, self.socket, self.process = name, socket, process
        self.client = [str(client), "--no-defaults", f"--socket={socket}"]
        self.options = ["--socket", socket, "--user", "root"]
        self.is_mysql = name.startswith("mysql")
        self.version = ""

    def session(self, schema="", **more):
        return Session(self, schema, **more)

    def query(self, schema, sql):
        """Rows of texts, by a connection of its own."""
        with self.session(schema) as session:
            return session.query(sql)

    def payops(self, schema, *words):
        """The output of a command on one schema."""
        return run(PAYOPS, *words, *self.options, "--database", schema)

    def cpu_seconds(self):
        """Processor time that the threads which the server has now have used.

        The process's own figure has steps of 10 ms, which is more than most views take.
        """
        total = 0
        for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            try:
                total += int((task / "schedstat").read_text().split()[0])
            except (FileNotFoundError, ProcessLookupError):
                pass
        return total / 1e9

    def wait(self, log):
        """Waits until the server answers."""
        end = time.monotonic() + 120
        while subprocess.run([*self.client, "-uroot", "-e", "SELECT 1"], capture_output=True,
                             check=False).returncode:
            if self.process.poll() is not None or time.monotonic() > end:
                sys.exit(f"error: {self.name} does not start\n{log.read_text()}")
            time.sleep(0.1)
        self.version = self.query("", "SELECT version()")[0][0]

    def stop(self):
        self.process.terminate()
        self.process.wait()


def start(name, folder, *more):
    """A new server: `installed` MariaDB, or one that scripts/fetch-server knows."""
    programs = None
    if name != "installed":
        programs = pathlib.Path(run(ROOT / "scripts/fetch-server", name).strip())
    account = f"--user={os.environ.get('USER', 'root')}"
    data, socket, log = folder / name, folder / f"{name}.sock", folder / f"{name}.log"
    options = ["--no-defaults", f"--datadir={data}", account, f"--log-error={log}"]
    if name == "mysql":
        daemon, client, own = programs / "mysqld", programs / "mysql", MYSQL
        run(daemon, *options, "--initialize-insecure")
    else:
        path = os.environ["PATH"] if programs is None else f"{programs}:{os.environ['PATH']}"
        # Both MariaDBs have the client of the installed one.
        daemon, client, own = programs / "mariadbd" if programs else "mariadbd", "mariadb", MARIADB
        run("mariadb-install-db", "--no-defaults", f"--datadir={data}", account, "--skip-test-db",
            "--auth-root-authentication-method=normal", env=os.environ | {"PATH": path})
    process = subprocess.Popen([daemon, *options, f"--socket={socket}", *OPTIONS, *own, *more,
                                f"--pid-file={folder / name}.pid"])
    server = Server(name, client, socket, process)
    server.wait(log)
    print(f"{name}: {server.version}", flush=True)
    return server
