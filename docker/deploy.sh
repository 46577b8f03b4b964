#!/bin/sh
# The service deploy: schema, roles, the rights of the daemon's account. Repeating it changes
# nothing.
set -eu

options=--defaults-file=/run/secrets/admin.cnf
payops deploy "$options"
payops roles apply "$options"
# One role is active at a time, so this one combines the two that the daemon needs.
mariadb "$options" <<'SQL'
CREATE ROLE IF NOT EXISTS payops_daemon;
GRANT payops_job TO payops_daemon;
GRANT payops_backup TO payops_daemon;
GRANT payops_daemon TO payops@'%';
SET DEFAULT ROLE payops_daemon FOR payops@'%';
SQL
