"""Roles on a MySQL, for scripts/check-mysql-binary."""

import re

from mysql_site import check


def check_roles(site):
    """Each role reads what the catalogue says, and is refused the rest."""
    site.payops("master", "roles", "apply")
    said = site.payops("master", "roles", "check")
    check("the roles are as they should be", "as they should be" in said, said)
    views = [row[0] for row in site.query("SELECT view_name FROM published_views", "payops")]
    roles = [row[0] for row in site.query("SELECT role_name FROM database_roles", "payops")]
    for role in roles:
        site.account(f"as_{role}", [(f"`payops_{role}`", "")])
    inactive = site.payops("master", "roles", "check", status=1)
    check("accounts without a default role are found",
          inactive.count("inactive") == len(roles), inactive)
    site.payops("master", "roles", "apply")
    for role in roles:
        may = {row[0] for row in site.query(f"""
            SELECT v.view_name FROM published_views AS v WHERE '{role}' = 'admin' OR EXISTS (
                SELECT 1 FROM role_grants AS g WHERE g.role_name = '{role}'
                AND (g.object_kind = 'view' AND v.view_name LIKE g.object_pattern
                     OR g.object_kind = 'schema') AND g.privileges LIKE '%SELECT%')""", "payops")}
        script = "".join(f"SELECT '{view}' FROM {view} LIMIT 0; SELECT 'read {view}';"
                         for view in views)
        done = site.client(f"as_{role}", "payops", script)
        refused = set(re.findall(r"ERROR 1142 .*for table '(\w+)'", done.stderr))
        check(f"{role} reads {len(may)} of {len(views)} views, and is refused the others",
              refused == set(views) - may, (refused ^ (set(views) - may), done.stderr[:500]))
    denied = site.client("as_bi", "payops",
                         "SELECT * FROM customers LIMIT 1; CALL refresh_rollups(1)")
    check("bi reads no customers and calls no job",
          len(re.findall("ERROR (1142|1370)", denied.stderr)) == 2, denied.stderr)
    site.query("REVOKE SELECT ON kpi_today FROM payops_bi; GRANT DELETE ON alerts TO payops_bi",
               "payops")
    said = site.payops("master", "roles", "check", status=1)
    check("a privilege too little and one too many are found",
          re.search(r"excess\s+payops_bi\s+DELETE", said)
          and re.search(r"missing\s+payops_bi\s+SELECT", said), said)
    site.payops("master", "roles", "apply")
    site.account("daemon", [("payops_job, payops_backup", "")])
    site.payops("master", "roles", "apply")
    jobs = [row[0] for row in site.query("SELECT job_name FROM jobs", "payops")]
    for job in jobs:
        site.payops("daemon", "jobs", "run", job, "--now")
    check(f"an account with the roles job and backup runs each of {len(jobs)} jobs", True)
