import MariaDBClient
import TestSupport
import Testing

/// What the capture triggers log of a change, column by column: an overlooked change leaves the
/// rollups wrong for ever.
@Suite("Capture triggers", .timeLimit(.minutes(5)))
struct CaptureTriggerTests {
  /// A base table, its log, and how its rows are found.
  private static let captured = [
    ("transactions", "transaction_changes", "transaction_id"),
    ("settlements", "settlement_changes", "settlement_id"),
    ("login_activity", "login_changes", "login_id"),
  ]

  /// Columns of a table that an UPDATE may set, with their types.
  private static func columns(of table: String, _ connection: Connection) async throws -> [Row] {
    try await connection.query(
      "SELECT column_name AS name, data_type AS type FROM information_schema.columns"
        + " WHERE table_schema = DATABASE() AND table_name = '\(table)'"
        + " AND COALESCE(generation_expression, '') = '' ORDER BY ordinal_position"
    ).rows
  }

  /// Another value that the column may have.
  private static func otherValue(of column: String, type: String) -> String {
    switch (column, type) {
    case ("currency", _): "'USD'"
    case ("transaction_id", _), ("settlement_id", _), ("login_id", _): "\(column) + 1000000"
    case ("rail", _): "IF(rail = 'CARD', 'ACH', 'CARD')"
    case (_, "char"), (_, "varchar"), (_, "text"): "IF(\(column) <=> 'a', 'b', 'a')"
    case (_, "date"): "COALESCE(\(column), '2026-11-06') + INTERVAL 1 DAY"
    case (_, "datetime"), (_, "timestamp"): "COALESCE(\(column), '2026-11-07') + INTERVAL 1 SECOND"
    case (_, "enum"): "IF(\(column) + 0 <=> 1, 2, 1)"
    default: "COALESCE(\(column), 0) + 1"
    }
  }

  private static func values(
    _ columns: [String], of table: String, _ rest: String, _ connection: Connection
  ) async throws -> [[String?]] {
    try await connection.query(
      "SELECT \(columns.joined(separator: ", ")) FROM \(table) \(rest)"
    ).rows.map(\.values)
  }

  @Test(
    "a change is captured with old and new version exactly if its log has the column")
  func columns() async throws {
    try await CaptureSchema.use { connection in
      try await CaptureLedger.addPayments(40, connection)
      try await CaptureLedger.drain(connection)
      try await connection.ignoreConstraints()
      for (table, log, key) in Self.captured {
        let ownColumns = try await Self.columns(of: table, connection)
        let ofLog = Set(
          try await connection.query(
            "SELECT column_name AS name FROM information_schema.columns"
              + " WHERE table_schema = DATABASE() AND table_name = '\(log)'"
          ).rows.compactMap { $0["name"] })
        // The arrival time of a row gives the lag of the rollups; nothing is counted by it.
        var shared = ownColumns.compactMap { $0["name"] }
          .filter { ofLog.contains($0) && $0 != "ingested_at" }
        if ofLog.contains("duration_ms") { shared.append("duration_ms") }
        #expect(shared.count >= 2, "\(table)")
        var changing: Set<String> = []
        for column in ownColumns {
          let (name, type) = (column["name"] ?? "", column["type"] ?? "")
          let id = "(SELECT \(key) FROM \(table) ORDER BY \(key) LIMIT 1)"
          try await connection.execute("START TRANSACTION")
          try await connection.execute("SET @row = \(id)")
          let old = try await Self.values(shared, of: table, "WHERE \(key) = @row", connection)
          try await connection.execute(
            "UPDATE \(table) SET \(name) = \(Self.otherValue(of: name, type: type))"
              + " WHERE \(key) = @row")
          // The key itself may have changed.
          let place = name == key ? "@row + 1000000" : "@row"
          let new = try await Self.values(shared, of: table, "WHERE \(key) = \(place)", connection)
          let noted = try await Self.values(
            ["change_sign"] + shared, of: log, "ORDER BY change_id", connection)
          let expected =
            old == new ? [] : [["-1"] + old[0], ["1"] + new[0]]
          #expect(noted == expected, "\(table).\(name)")
          if !noted.isEmpty { changing.insert(name) }
          try await connection.execute("ROLLBACK")
        }
        #expect(
          changing.isSuperset(of: shared.filter { $0 != "duration_ms" }),
          "\(table): \(Set(shared).subtracting(changing)) had no change")
      }
    }
  }

  @Test("an inserted or deleted row is captured with every column of its log")
  func rows() async throws {
    try await CaptureSchema.use { connection in
      for (table, log, key) in Self.captured {
        try await CaptureLedger.drain(connection)
        try await CaptureLedger.addPayments(12, connection)
        let own = Set(try await Self.columns(of: table, connection).compactMap { $0["name"] })
        var shared = try await connection.query(
          "SELECT column_name AS name FROM information_schema.columns"
            + " WHERE table_schema = DATABASE() AND table_name = '\(log)'"
        ).rows.compactMap { $0["name"] }.filter { own.contains($0) }
        if table == "transactions" { shared.append("duration_ms") }
        let known = try await Self.values(shared, of: table, "ORDER BY \(key)", connection)
        let come = try await Self.values(
          ["change_sign"] + shared, of: log, "ORDER BY change_id", connection)
        #expect(come == known.map { ["1"] + $0 }, "\(table)")
        try await CaptureLedger.drain(connection)
        try await connection.execute("SET SESSION foreign_key_checks = 0")
        try await connection.execute("DELETE FROM \(table) ORDER BY \(key)")
        let gone = try await Self.values(
          ["change_sign"] + shared, of: log, "ORDER BY change_id", connection)
        #expect(gone == known.map { ["-1"] + $0 }, "\(table)")
        try await connection.execute("DELETE FROM settlements")
        try await connection.execute("DELETE FROM transactions")
        try await connection.execute("DELETE FROM login_activity")
        try await connection.execute("SET SESSION foreign_key_checks = 1")
      }
    }
  }
}
