extension RoleTests {
  static let attempts = [
    Attempt(
      what: "figure, read", sql: "SELECT * FROM kpi_payment_day LIMIT 1",
      allowed: ["admin", "ops", "analyst", "bi", "backup"]),
    Attempt(
      what: "headline, read", sql: "SELECT * FROM kpi_today LIMIT 1",
      allowed: ["admin", "job", "ops", "analyst", "bi", "backup", "monitor"]),
    Attempt(
      what: "health of jobs, read", sql: "SELECT * FROM ops_rollup_lag",
      allowed: ["admin", "job", "ops", "analyst", "bi", "backup", "monitor"]),
    Attempt(
      what: "refused requests, read", sql: "SELECT * FROM posting_refusals LIMIT 1",
      allowed: ["admin", "ops", "analyst", "backup"]),
    Attempt(
      what: "case, read", sql: "SELECT * FROM risk_case_history LIMIT 1",
      allowed: ["admin", "analyst", "backup"]),
    Attempt(
      what: "rule, read", sql: "SELECT * FROM rule_a09_large_transfer LIMIT 1",
      allowed: ["admin", "analyst", "backup"]),
    Attempt(
      what: "thresholds of rules, read", sql: "SELECT * FROM risk_rule_catalog LIMIT 1",
      allowed: ["admin", "analyst", "backup"]),
    Attempt(
      what: "hits without thresholds, read", sql: "SELECT * FROM risk_hit_list LIMIT 1",
      allowed: ["admin", "analyst", "bi", "backup"]),
    Attempt(
      what: "masked payment, read", sql: "SELECT * FROM payment_list LIMIT 1",
      allowed: ["admin", "ops", "analyst", "bi", "backup"]),
    Attempt(
      what: "masked customer, read", sql: "SELECT * FROM customer_profiles LIMIT 1",
      allowed: ["admin", "ops", "analyst", "bi", "backup"]),
    Attempt(
      what: "building block, read", sql: "SELECT * FROM int_open_account LIMIT 1",
      allowed: ["admin", "backup"]),
    Attempt(
      what: "customer in full, read", sql: "SELECT name FROM customers LIMIT 1",
      allowed: ["admin", "analyst", "backup"]),
    Attempt(
      what: "log of errors, read", sql: "SELECT * FROM routine_errors LIMIT 1",
      allowed: ["admin", "backup"]),
    Attempt(
      what: "quarantine, read", sql: "SELECT raw_line FROM import_quarantine LIMIT 1",
      allowed: ["admin", "backup"]),
    Attempt(
      what: "customer, insert",
      sql: "INSERT INTO customers (name, country, account_open_date)"
        + " VALUES ('x', 'DE', '2020-01-01')", allowed: ["admin"]),
    Attempt(
      what: "payment, update", sql: "UPDATE transactions SET title = NULL WHERE transaction_id = 0",
      allowed: ["admin"]),
    Attempt(
      what: "payment, delete", sql: "DELETE FROM transactions WHERE transaction_id = 0",
      allowed: ["admin"]),
    Attempt(
      what: "setting, update", sql: "UPDATE settings SET unit = unit WHERE setting_name = ''",
      allowed: ["admin"]),
    Attempt(
      what: "grants, update", sql: "UPDATE role_grants SET role_name = 'bi' WHERE role_name = ''",
      allowed: ["admin"]),
    Attempt(
      what: "backup, update", sql: "UPDATE backups SET folder = folder WHERE backup_id = ''",
      allowed: ["admin", "backup"]),
    Attempt(
      what: "figure, delete", sql: "DELETE FROM metric_day WHERE metric_date = '1990-01-01'",
      allowed: ["admin"]),
    Attempt(
      what: "job, call", sql: "CALL refresh_rollups(10)", allowed: ["admin", "job"]),
    Attempt(
      what: "rules, call", sql: "CALL evaluate_rules(NULL)", allowed: ["admin", "job"]),
    Attempt(
      what: "scores, call", sql: "CALL apply_risk_scores(NULL)",
      allowed: ["admin", "job", "analyst"]),
    Attempt(
      what: "erasure, call", sql: "CALL erase_customer(0)", allowed: ["admin"]),
    Attempt(
      what: "rollup, read", sql: "SELECT 1 FROM metric_day LIMIT 1",
      allowed: ["admin", "job", "backup"]),
    Attempt(
      what: "payment, return", sql: "CALL reverse_payment('k', 0, @s, @r)",
      allowed: ["admin", "ops"]),
    Attempt(
      what: "account, block", sql: "CALL block_account(0, 'test', @s, @r)",
      allowed: ["admin", "ops"]),
    Attempt(
      what: "quarantine of changes, retry", sql: "CALL retry_quarantined_changes(0)",
      allowed: ["admin", "ops"]),
    Attempt(
      what: "quarantine of changes, discard", sql: "CALL discard_quarantined_changes(0)",
      allowed: ["admin", "ops"]),
    Attempt(
      what: "alert, raise", sql: "CALL resolve_alert('role_test', 'nothing')",
      allowed: ["admin", "job"]),
    Attempt(
      what: "balance, adjust", sql: "CALL adjust_balance('k', 0, 1, 'test', @b, @r)",
      allowed: ["admin"]),
    Attempt(
      what: "case, note", sql: "CALL add_case_note(0, 'test')", allowed: ["admin", "analyst"]),
    Attempt(
      what: "silence by calendar, make",
      sql: "CALL silence_alerts_by_calendar(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '',"
        + " NULL, @i)", allowed: ["admin", "ops"]),
    Attempt(
      what: "helper, call", sql: "CALL clear_rollup_day('2020-01-01')", allowed: ["admin"]),
    Attempt(
      what: "function, call", sql: "SELECT as_of()",
      allowed: ["admin", "job", "ops", "analyst", "bi", "backup", "monitor"]),
    Attempt(
      what: "table, create", sql: "CREATE TABLE role_test_own (a INT)", allowed: ["admin"]),
    Attempt(
      what: "table, drop", sql: "DROP TABLE role_test_own", allowed: ["admin"]),
    Attempt(
      what: "view, replace",
      sql: "CREATE OR REPLACE VIEW role_test_view AS SELECT 1 AS one", allowed: ["admin"]),
    Attempt(
      what: "accounts of the server, read", sql: "SELECT * FROM mysql.global_priv LIMIT 1",
      allowed: []),
    Attempt(
      what: "sources of routines, read", sql: "SELECT name FROM mysql.proc LIMIT 1",
      allowed: ["backup"]),
    Attempt(what: "server, shut down", sql: "SHUTDOWN", allowed: []),
  ]
}
