import Foundation
import MariaDBClient
import TestSupport
import Testing

/// A private server with a deployed schema, some weeks of payments and a month that may be
/// archived.
struct PaymentFixture: Sendable {
  /// The tables in which writing a payment, a settlement, a login or a posting locks rows.
  static let tables = [
    "transactions", "settlements", "login_activity", "accounts", "rails", "payment_handles",
    "fx_rates", "currencies", "settlement_windows",
    "calendar_days", "calendars", "payment_states", "payment_transitions", "transaction_types",
    "account_ledgers", "payment_requests", "ledger_entries", "payment_holds", "payment_refunds",
  ]

  private static let shared = Task { try await make() }

  private let server: PrivateServer

  /// The fixture that all tests of the suite share.
  static func open() async throws -> PaymentFixture { try await shared.value }

  private static func make() async throws -> PaymentFixture {
    let fixture = PaymentFixture(server: try await TestServer.privateServer())
    for arguments in [
      ["deploy"], ["generate", "--transactions=3000", "--days=40", "--seed=11", "--quiet"],
    ] {
      let run = try await fixture.payops(arguments)
      try #require(run.status == 0, "\(arguments): \(run.errors)")
    }
    let connection = try await fixture.connect()
    // Five months ago: closed, settled, and old enough for the archive.
    try await connection.runScript(
      """
      INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
          transaction_type, status)
      SELECT (SELECT MIN(account_id) FROM accounts),
          DATE_FORMAT(UTC_TIMESTAMP() - INTERVAL 5 MONTH, '%Y-%m-10') + INTERVAL seq MINUTE, seq,
          'EUR', 'card_payment', 'completed'
      FROM seq_1_to_1200;
      UPDATE settings SET setting_value = '3' WHERE setting_name = 'archive_after_months';
      CALL refresh_rollups(100000);
      """)
    await connection.close()
    return fixture
  }

  /// How long new sessions wait for a lock, seconds.
  ///
  /// 1 is enough to make a session fail that waits for a lock that is never released. With 0, a
  /// COMMIT after a read with SKIP LOCKED that found something locked fails with error 1180
  /// (MariaDB 10.11.19).
  func setLockWait(_ seconds: Int, _ connection: Connection) async throws {
    try await connection.execute("SET GLOBAL innodb_lock_wait_timeout = \(seconds)")
    try await connection.execute("SET GLOBAL lock_wait_timeout = \(seconds)")
  }

  /// Another connection to the schema, as the owner.
  func connect() async throws -> Connection {
    var options = server.connectionOptions
    options.database = "payops"
    return try await Connection.open(options)
  }

  /// Runs the program on the schema.
  func payops(_ arguments: [String]) async throws -> ProgramRun {
    let options = server.connectionOptions
    let place = ["--socket", try #require(options.socket), "--database", "payops"]
    return try await ProgramRun.payops(
      arguments + place + (options.user.map { ["--user", $0] } ?? []), deadline: .seconds(200))
  }

  /// The errors that routines logged since the last call.
  func errors(_ connection: Connection) async throws -> [String] {
    let rows = try await connection.query(
      """
      SELECT CONCAT_WS(' ', routine_name, error_number, error_message) AS e FROM routine_errors
      UNION ALL
      SELECT CONCAT_WS(' ', job_name, run_state, error_message) FROM ops_job_runs
      WHERE run_state NOT IN ('succeeded', 'skipped')
      UNION ALL
      SELECT CONCAT_WS(' ', rule_id, error_number, error_message) FROM risk_rule_runs
      WHERE error_number IS NOT NULL
      """
    ).rows.compactMap { $0["e"] }
    try await connection.execute("DELETE FROM routine_errors")
    return rows
  }

  /// The built-in jobs of a kind.
  func jobs(_ kind: String, _ connection: Connection) async throws -> [String] {
    try await connection.query(
      "SELECT job_name FROM jobs WHERE command_kind = ? ORDER BY job_name", [.text(kind)]
    ).rows.compactMap { $0["job_name"] }
  }
}
