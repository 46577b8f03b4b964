import MariaDBClient
import TestSupport
import Testing

/// Customers, accounts, and the calls that every test of capture needs.
struct CaptureLedger {
  static let accounts = 40

  /// Puts customers 1...20 and accounts 1...40 into an empty schema.
  static func seed(_ connection: Connection) async throws {
    try await connection.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
    try await connection.execute("SET @payops_as_of = '2026-11-25 12:00:00'")
    try await keepDetail(days: 20, connection)
    try await connection.execute(
      """
      INSERT INTO customers (customer_id, name, country, account_open_date)
      SELECT seq, CONCAT('customer ', seq), 'DE', '2020-01-01' FROM \(numbers(1...20)) AS n
      """)
    try await connection.execute(
      """
      INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)
      SELECT seq, 1 + seq % 20, 'personal', 'EUR', '2020-01-01' FROM \(numbers(1...accounts)) AS n
      """)
  }

  /// Sets how many days of detail are kept: 20 days begin on 6 November, the start of the tests.
  static func keepDetail(days: Int, _ connection: Connection) async throws {
    try await connection.execute(
      "UPDATE settings SET setting_value = ? WHERE setting_name = 'detail_days'",
      [.text("\(days)")])
  }

  /// Adds payments spread over states, members and minutes; every tenth has a settlement.
  static func addPayments(
    _ count: Int, from: String = "2026-11-06", spacingSeconds: Int = 37, _ connection: Connection
  ) async throws {
    try await connection.execute(
      """
      INSERT INTO transactions (
          account_id, transaction_time, transaction_amount, currency, base_amount,
          transaction_type, location, channel, acquirer, card_scheme, response_code, status,
          requested_at, responded_at)
      SELECT
          1 + seq % \(accounts), '\(from)' + INTERVAL seq * \(spacingSeconds) SECOND,
          seq % 1000 + 0.25, 'EUR', seq % 1000 + 0.25,
          ELT(1 + seq % 3, 'wire', 'transfer', 'card_payment'),
          ELT(1 + seq % 4, 'Berlin', 'Paris', 'Rome'),
          ELT(1 + seq % 3, 'atm', 'api'), ELT(1 + seq % 3, 'NordPay', 'Acquira'),
          ELT(1 + seq % 2, 'visa'), ELT(1 + seq % 3, '00', '91'),
          ELT(1 + seq % 5, 'completed', 'failed', 'pending', 'denied', 'authorized'),
          IF(seq % 4 = 0, NULL, '2026-11-06'),
          IF(seq % 4 = 0, NULL, '2026-11-06' + INTERVAL seq % 900 * 1000 MICROSECOND)
      FROM \(numbers(1...count)) AS n
      """)
    try await connection.execute(
      """
      INSERT INTO settlements (
          transaction_id, rail, settlement_amount, currency, base_amount, accepted_at,
          settlement_status, settlement_date)
      SELECT
          t.transaction_id, ELT(1 + t.transaction_id DIV 10 % 3, 'SEPA_CT', 'CARD', 'ACH'),
          t.transaction_amount, 'EUR', t.transaction_amount, t.transaction_time,
          ELT(1 + t.transaction_id DIV 10 % 3, 'settled', 'pending', 'failed'),
          t.transaction_time + INTERVAL 3 + t.transaction_id % 3 DAY
      FROM transactions AS t
      WHERE t.transaction_id % 10 = 0
          AND NOT EXISTS (SELECT 1 FROM settlements AS s WHERE s.transaction_id = t.transaction_id)
      """)
    try await connection.execute(
      """
      INSERT INTO login_activity (customer_id, login_time, login_status)
      SELECT 1 + seq % 20, '\(from)' + INTERVAL seq * 600 SECOND, ELT(1 + seq % 3, 'failed',
          'success', 'success')
      FROM \(numbers(1...max(1, count / 20))) AS n
      """)
  }

  /// Refreshes until nothing is left, within a limit of calls.
  @discardableResult
  static func drain(_ connection: Connection, limit: Int = 100_000) async throws -> Int64 {
    var applied: Int64 = 0
    for _ in 0..<100_000 {
      let row = try #require(
        await connection.query("CALL refresh_rollups(?)", [.integer(Int64(limit))]).rows.first)
      var changes: Int64 = 0
      for column in ["transaction_changes", "settlement_changes", "login_changes"] {
        changes += try #require(row.integer(column))
      }
      applied += changes
      if row.integer("has_more") == 0 { return applied }
      if changes == 0 { break }
    }
    Issue.record("the refresh does not come to an end")
    return applied
  }

  /// The first and the last day of everything in base tables, logs and rollups.
  static func span(_ connection: Connection) async throws -> [SQLValue] {
    let row = try await connection.query(
      """
      SELECT COALESCE(MIN(d), '2026-11-06') AS first_day, COALESCE(MAX(d), '2026-11-06') AS last_day
      FROM (
          SELECT DATE(transaction_time) AS d FROM transactions
          UNION SELECT DATE(due_at) FROM settlements
          UNION SELECT DATE(login_time) FROM login_activity
          UNION SELECT DATE(transaction_time) FROM transaction_changes
          UNION SELECT DATE(due_at) FROM settlement_changes
          UNION SELECT DATE(login_time) FROM login_changes
          UNION SELECT metric_date FROM metric_day
          UNION SELECT DATE(metric_hour) FROM metric_hour
          UNION SELECT activity_date FROM account_day
          UNION SELECT due_date FROM settlement_day
          UNION SELECT DATE(login_hour) FROM login_hour
      ) AS q
      """
    ).rows.first
    return [.text(row?.text("first_day") ?? ""), .text(row?.text("last_day") ?? "")]
  }

  /// The differences that `reconcile_rollups` finds over all days.
  static func differences(_ connection: Connection) async throws -> [String] {
    try await connection.query("CALL reconcile_rollups(?, ?)", span(connection)).rows.map { row in
      row.values.map { $0 ?? "NULL" }.joined(separator: " ")
    }
  }

  /// Changes captured and not yet applied.
  static func pending(_ connection: Connection) async throws -> Int64 {
    try await connection.query(
      """
      SELECT (SELECT COUNT(*) FROM transaction_changes)
          + (SELECT COUNT(*) FROM settlement_changes) + (SELECT COUNT(*) FROM login_changes) AS n
      """
    ).rows.first?.integer("n") ?? -1
  }

  /// Another connection to the same schema, seeing the same instant as now.
  static func another(_ connection: Connection) async throws -> Connection {
    let other = try await Connection.open(connection.options)
    try await other.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
    try await other.execute("SET @payops_as_of = '2026-11-25 12:00:00'")
    return other
  }

  /// A checksum of every table that the routines write, by name.
  static func state(_ connection: Connection) async throws -> [String: String] {
    let others: [String] = [
      "transactions", "settlements", "login_activity", "transaction_changes",
      "settlement_changes", "login_changes", "calendar_days", "settlement_windows",
      "rollup_state",
    ]
    let tables = CaptureRecomputation.tables + others
    var state: [String: String] = [:]
    for row in try await connection.query("CHECKSUM TABLE \(tables.joined(separator: ", "))").rows {
      state[row.text("Table")?.split(separator: ".").last.map(String.init) ?? ""] =
        row.text("Checksum") ?? ""
    }
    return state
  }
}
