import MariaDBClient
import TestSupport

/// One deployed schema that the capture tests use one after another, emptied in between, since a
/// deployment takes longer than a test.
actor CaptureSchema {
  private static let shared = CaptureSchema()

  private var options: ConnectionOptions?
  private var isBusy = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  private static let emptied: [String] =
    CaptureRecomputation.tables + [
      "transaction_changes", "settlement_changes", "login_changes", "change_quarantine",
      "settlements",
      "transactions", "login_activity", "accounts", "customers", "routine_errors", "rollup_state",
      "rollup_members",
    ]

  /// Runs a body with a connection to the schema, which holds customers and accounts only.
  ///
  /// - Parameter body: the test; it must not change definitions.
  static func use(_ body: (Connection) async throws -> Void) async throws {
    await shared.enter()
    do {
      let connection = try await shared.prepare()
      do {
        try await body(connection)
      } catch {
        await connection.close()
        throw error
      }
      await connection.close()
    } catch {
      await shared.leave()
      throw error
    }
    await shared.leave()
  }

  private func enter() async {
    if isBusy {
      await withCheckedContinuation { waiting.append($0) }
    } else {
      isBusy = true
    }
  }

  private func leave() {
    if waiting.isEmpty { isBusy = false } else { waiting.removeFirst().resume() }
  }

  private func prepare() async throws -> Connection {
    if let options {
      let connection = try await Connection.open(options)
      try await connection.execute("SET foreign_key_checks = 0")
      for table in Self.emptied { try await connection.execute("TRUNCATE TABLE \(table)") }
      try await connection.execute("SET foreign_key_checks = 1")
      try await connection.execute("DELETE FROM fx_rates WHERE rate_date > '2026-01-01'")
      try await connection.execute(
        "INSERT INTO rollup_state (state_id, window_end_date, detail_from_date)"
          + " VALUES (1, '2026-11-24', '2026-11-01')")
      try await CaptureLedger.seed(connection)
      return connection
    }
    var fresh = try await TestServer.shared()
    let administrator = try await Connection.open(fresh)
    try await administrator.execute("CREATE DATABASE payops_test_capture \(TextDefaults.clause)")
    await administrator.close()
    fresh.database = "payops_test_capture"
    let connection = try await Connection.open(fresh)
    try await CaptureDeployment.deploy(connection)
    try await CaptureLedger.seed(connection)
    options = fresh
    return connection
  }
}
