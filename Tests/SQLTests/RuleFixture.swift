import MariaDBClient
import TestSupport

/// Customers, accounts and payments for tests of rules, around one instant.
struct RuleFixture: Sendable {
  /// A payment of a test.
  struct Payment: Sendable {
    var account = 1
    /// Time (UTC).
    var at: String
    var amount: Double
    var type = "transfer"
    var status = "completed"
    var other: Int?
    var balanceAfter: Double?
    var location: String?
    var iban: String?
  }

  static let now = "2026-03-20 12:00:00"

  let connection: Connection

  /// Tables that a test fills, or that are derived from them.
  private static let tables = [
    "customers", "accounts", "transactions", "login_activity", "transaction_changes",
    "login_changes", "account_day", "account_window", "customer_window", "amount_day",
    "risk_pending", "risk_scope", "risk_scope_day", "transfer_day", "risk_runs",
    "risk_rule_runs", "risk_case_hits", "risk_case_changes", "risk_cases", "risk_hits",
    "risk_events", "payment_flags",
  ]

  /// Opens accounts 1 to 60 of customers 1 to 60, in a schema that may have been used before.
  static func open(on connection: Connection) async throws -> RuleFixture {
    try await connection.execute("SET SESSION foreign_key_checks = 0")
    for table in tables { try await connection.execute("TRUNCATE TABLE \(table)") }
    try await connection.execute("SET SESSION foreign_key_checks = 1")
    try await connection.execute(
      "INSERT INTO customers (customer_id, name, country, kyc_status, account_open_date)"
        + " SELECT seq, CONCAT('customer ', seq), 'DE', 'verified', '2020-01-01' FROM \(numbers(1...60)) AS n"
    )
    try await connection.execute(
      "INSERT INTO accounts (account_id, customer_id, account_type, currency, balance, opened_at)"
        + " SELECT seq, seq, 'personal', 'EUR', 1000, '2020-01-01' FROM \(numbers(1...60)) AS n")
    try await connection.execute("SET @payops_as_of = '\(now)'")
    return RuleFixture(connection: connection)
  }

  /// Adds payments and applies them to the rollups.
  func add(_ payments: [Payment]) async throws {
    for payment in payments {
      try await connection.execute(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
          transaction_type, status, counterparty_account_id, balance_after, location,
          counterparty_iban)
        VALUES (\(payment.account), '\(payment.at)', \(payment.amount), 'EUR', '\(payment.type)',
          '\(payment.status)', \(payment.other.map(String.init) ?? "NULL"),
          \(payment.balanceAfter.map { "\($0)" } ?? "NULL"),
          \(payment.location.map { "'\($0)'" } ?? "NULL"),
          \(payment.iban.map { "'\($0)'" } ?? "NULL"))
        """)
    }
    try await refresh()
  }

  /// Applies captured changes.
  func refresh() async throws { _ = try await connection.query("CALL refresh_rollups(100000)") }

  /// Evaluates all rules.
  ///
  /// - Returns: accounts, hits, new hits and failed rules.
  @discardableResult
  func evaluate(at moment: String = now) async throws -> [Int64] {
    let row = try await connection.query("CALL evaluate_rules('\(moment)')").rows.first
    return ["account_count", "hit_count", "new_hit_count", "failed_rule_count"]
      .map { row?.integer($0) ?? -1 }
  }

  /// Subjects that a rule has hit, in order.
  func hits(of rule: String) async throws -> [String] {
    try await LedgerFixture.texts(
      "SELECT subject FROM risk_hits WHERE rule_id = '\(rule)' ORDER BY subject, window_from",
      on: connection)
  }

  /// Errors of rules in the last run.
  func failures() async throws -> [String] {
    try await LedgerFixture.texts(
      "SELECT CONCAT(rule_id, ': ', error_message) FROM risk_rule_runs"
        + " WHERE error_number IS NOT NULL ORDER BY run_id, rule_id", on: connection)
  }
}
