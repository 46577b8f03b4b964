#!/bin/sh
# What the service deploy does: schema, roles, the rights of the daemon's account. Again: no change.
set -eu

options=--defaults-file=/run/secrets/admin.cnf
payops deploy "$options"
payops roles apply "$options"
# One role at a time is active, so one joins the two that the daemon needs.
mariadb "$options" <<'SQL'
CREATE ROLE IF NOT EXISTS payops_daemon;
GRANT payops_job TO payops_daemon;
GRANT payops_backup TO payops_daemon;
GRANT payops_daemon TO payops@'%';
SET DEFAULT ROLE payops_daemon FOR payops@'%';
SQL
