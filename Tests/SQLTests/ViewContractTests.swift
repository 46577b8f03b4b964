internal import Foundation
internal import MariaDBClient
internal import Schema
internal import TestSupport
internal import Testing

@Suite("Contract of the published views", .timeLimit(.minutes(5)))
struct ViewContractTests {
  private static let golden = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().appendingPathComponent("Golden/published_views.txt")

  private static var views: [SchemaObject] {
    get throws { try Manifest.embedded().objects.filter { $0.kind == .view } }
  }

  @Test(
    "columns and types are those of the catalogue",
    .onMariaDB("MySQL writes types of columns of views in another way"))
  func columnsAreGolden() async throws {
    try await TestServer.withSchema { connection in
      let rows = try await connection.query(
        """
        SELECT c.table_name, c.column_name, c.column_type
        FROM information_schema.columns AS c
        INNER JOIN information_schema.tables AS t
            ON t.table_schema = c.table_schema AND t.table_name = c.table_name
        WHERE c.table_schema = DATABASE()
            AND t.table_type = 'VIEW'
            AND c.table_name NOT LIKE 'int\\_%'
        ORDER BY BINARY c.table_name, c.ordinal_position
        """
      ).rows.map { row in
        // The server writes some times in different forms.
        row.values.map { ($0 ?? "").replacing(" /* mariadb-5.3 */", with: "") }
          .joined(separator: " ")
      }
      let expected = try String(contentsOf: Self.golden, encoding: .utf8)
      let difference = rows.difference(
        from: expected.split(separator: "\n").map(String.init))
      #expect(
        difference.isEmpty,
        "sql/catalogue says otherwise; scripts/catalogue writes the file: \(difference.prefix(10))")
    }
  }

  @Test("every view file states purpose, grain, columns and the meaning of NULL")
  func filesHaveHeaders() throws {
    let views = try Self.views
    #expect(views.count > 60)
    for view in views {
      #expect(view.source.hasPrefix("-- \(view.name): "), "\(view.path)")
      for heading in ["\n-- Grain: one row", "\n-- Columns:", "\n-- NULL: "] {
        #expect(view.source.contains(heading), "\(view.path) lacks \(heading)")
      }
      #expect(view.source.contains("\nCREATE OR REPLACE VIEW \(view.name) AS\n"), "\(view.path)")
    }
  }

  @Test("no file names a schema, a definer or an order, or selects every column")
  func filesKeepTheHouseStyle() throws {
    for view in try Self.views {
      let code = view.source.split(separator: "\n").filter { !$0.hasPrefix("--") }
        .joined(separator: "\n")
      for word in ["DEFINER", "SELECT *", "payops.", "SQL SECURITY", "ALGORITHM"] {
        #expect(!code.contains(word), "\(view.path) contains \(word)")
      }
      #expect(view.source.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(view.path)")
    }
  }

  @Test("the header of a published view describes every column")
  func headersDescribeEveryColumn() async throws {
    let views = try Self.views
    try await TestServer.withSchema { connection in
      for view in views {
        let columns = try await connection.query(
          "SELECT column_name AS name FROM information_schema.columns "
            + "WHERE table_schema = DATABASE() AND table_name = ?", [.text(view.name)])
        #expect(!columns.rows.isEmpty, "\(view.name)")
        for column in columns.rows {
          let name = column.text("name") ?? ""
          #expect(view.source.contains("\n--   \(name) "), "\(view.name) lacks \(name)")
        }
      }
    }
  }

  @Test("every published view is in the catalogue and every row of it has its view and columns")
  func catalogueIsComplete() async throws {
    try await TestServer.withSchema { connection in
      #expect(try await connection.query("SELECT problem FROM integrity_catalog").rows.isEmpty)
      try await connection.execute(
        "UPDATE kpi_definitions SET source_view = 'no_view' WHERE kpi_name = 'today'")
      let problems = try await connection.query(
        "SELECT DISTINCT problem FROM integrity_catalog ORDER BY problem")
      #expect(
        problems.rows.map { $0.text("problem") } == [
          "kpi_without_column", "kpi_without_view", "view_without_kpi",
        ])
    }
  }

  @Test("the default filter of the catalogue works for every view")
  func defaultFiltersWork() async throws {
    try await TestServer.withSchema { connection in
      try await ViewSample.load(on: connection)
      let looks = try await connection.query(
        "SELECT DISTINCT source_view, COALESCE(default_filter, '1 = 1') AS default_filter "
          + "FROM kpi_catalog")
      #expect(looks.rows.count > 50)
      for look in looks.rows {
        let view = look.text("source_view") ?? ""
        let rows = try await connection.query(
          "SELECT * FROM \(view) WHERE \(look.text("default_filter") ?? "")"
        ).rows
        if view.hasPrefix("integrity_"), view != "integrity_open_payment_settlements" {
          #expect(rows.isEmpty, "\(view)")
        }
      }
    }
  }

  @Test("the integrity views find violations")
  func integrityViewsFindDamage() async throws {
    try await TestServer.withSchema { connection in
      try await ViewSample.load(on: connection)
      try await connection.execute(
        "UPDATE metric_day SET total_count = total_count + 1 "
          + "WHERE dimension = 'all' AND metric_date = '2026-11-18'")
      try await connection.execute(
        "UPDATE metric_day SET member = 'barter', unconverted_count = 1 "
          + "WHERE dimension = 'transaction_type' AND member = 'transfer'")
      try await connection.execute(
        "UPDATE metric_day SET unconverted_count = 1 "
          + "WHERE dimension = 'all' AND metric_date = '2026-11-18'")
      try await connection.execute("DELETE FROM response_codes WHERE response_code = '51'")
      try await connection.execute("UPDATE accounts SET account_status = 'closed'")
      try await connection.execute(
        "INSERT INTO settlements (transaction_id, rail, settlement_amount, currency, accepted_at, "
          + "due_at) VALUES (5, 'WIRE', 70, 'EUR', '2026-11-18 11:30:20', '2026-11-18 17:00:00')")
      try await connection.execute(
        "DELETE FROM payment_states WHERE state = 'charged_back' AND NOT EXISTS ("
          + "SELECT 1 FROM status_mappings WHERE state = 'charged_back')")
      for view in [
        "integrity_state_counts", "integrity_rollup_levels", "integrity_member_totals",
        "integrity_unknown_members", "integrity_missing_fx_rates",
        "integrity_open_payments_on_closed_accounts", "integrity_open_payment_settlements",
      ] {
        #expect(try await !connection.query("SELECT * FROM \(view)").rows.isEmpty, "\(view)")
      }
    }
  }
}
