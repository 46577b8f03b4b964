"""The deployment on MySQL, which drops what MariaDB replaces, for scripts/check-servers."""

import subprocess

from servers_base import PAYOPS, check, run


def check_plain_client(mysql):
    """Installs the printed SQL into an empty schema, without the binary."""
    mysql.query("", "CREATE DATABASE plain CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
    run(*mysql.client, "-uroot", "--default-character-set=utf8mb4",
        "--init-command=SET NAMES utf8mb4 COLLATE utf8mb4_general_ci", "plain",
        input=run(PAYOPS, "deploy", "--print", "--dialect", "mysql"))
    mysql.payops("plain", "deploy")
    found = run(PAYOPS, "deploy", "--check", *mysql.options, "--database", "plain")
    check("the plain client installs the printed SQL, and deploy takes it over", not found, found)
    mysql.query("", "DROP DATABASE plain")


def check_drift(mysql):
    """Deploys, looks for drift, and replaces what was changed by hand."""
    print(mysql.payops("deployed", "deploy").strip().splitlines()[-1])
    again = mysql.payops("deployed", "deploy")
    check("deploying again changes nothing", again == "the schema is up to date\n", again)
    check("there is no drift", not mysql.payops("deployed", "deploy", "--check"))
    mysql.query("deployed", """
        CREATE USER reader@localhost;
        GRANT EXECUTE ON PROCEDURE refresh_rollups TO reader@localhost;
        DROP TRIGGER transactions_after_insert_capture;
        ALTER PROCEDURE refresh_rollups COMMENT 'changed by hand'""")
    drift = subprocess.run(
        [PAYOPS, "deploy", "--check", *mysql.options, "--database", "deployed"],
        capture_output=True, text=True, check=False)
    check("drift is found", drift.returncode == 1 and "refresh_rollups" in drift.stdout
          and "transactions_after_insert_capture" in drift.stdout, drift.stdout + drift.stderr)
    mysql.payops("deployed", "deploy")
    check("what was changed by hand is replaced",
          not mysql.payops("deployed", "deploy", "--check"))
    grants = mysql.query("deployed", "SHOW GRANTS FOR reader@localhost")
    check("a replaced routine keeps its grants", any("refresh_rollups" in row[0] for row in grants),
          grants)


def check_transactions(mysql):
    """A routine that owns its transaction must not commit that of its caller."""
    for begin in ("START TRANSACTION",
                  "SET autocommit = 0; UPDATE settings SET setting_name = setting_name"):
        with mysql.session("deployed") as session:
            errors = session.attempt(f"{begin}; CALL refresh_rollups(10)")[1]
        check(f"an open transaction is refused ({begin})",
              len(errors) == 1 and errors[0].startswith("ERROR 30001"), errors)
    mysql.query("deployed", "START TRANSACTION; COMMIT; CALL refresh_rollups(10)")


def check_deployment(mysql):
    check_plain_client(mysql)
    check_drift(mysql)
    check_transactions(mysql)
    mysql.query("", "DROP DATABASE deployed")
