import Foundation
import MariaDBClient
import TestSupport
import Testing

@testable import Schema

@Suite("Upgrade of a schema with data", .timeLimit(.minutes(5)))
struct UpgradeTests {
  /// The definitions of a schema by kind and name; for tables their shapes, since a migrated table
  /// may have its keys in another order.
  static func definitions(_ connection: Connection) async throws -> [String: String] {
    let inventory = try await Inventory.read(from: connection)
    return Dictionary(
      uniqueKeysWithValues: inventory.found.map { key, checksum in
        let shape = key.kind == .table ? inventory.shapes[key.name] : nil
        return (
          "\(key.kind) \(key.name)",
          shape?.parts.map { "\($0.name): \($0.text)" }.joined(separator: "\n") ?? checksum
        )
      })
  }

  private static func pay(_ connection: Connection) async throws {
    try await connection.runScript(
      """
      INSERT INTO customers (customer_id, name, country, account_open_date)
      VALUES (1, 'A', 'DE', '2026-01-01');
      INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)
      VALUES (1, 1, 'personal', 'EUR', '2026-01-01');
      INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
          transaction_type, status, response_code)
      SELECT 1, '2026-11-09 10:00:00' + INTERVAL seq MINUTE, seq, 'EUR', 'wire',
          IF(seq % 3, 'completed', 'pending'), seq % 20
      FROM seq_1_to_500;
      """)
    _ = try await connection.query("CALL refresh_rollups(400)")
  }

  private static func totals(_ connection: Connection) async throws -> [String] {
    let row = try await connection.query(
      """
      SELECT COUNT(*) AS payments, SUM(transaction_amount) AS amount,
          (SELECT SUM(total_count) FROM metric_day WHERE dimension = 'all') AS counted,
          (SELECT COUNT(*) FROM transaction_changes) AS waiting
      FROM transactions
      """
    ).rows.first
    return ["payments", "amount", "counted", "waiting"].map { row?[$0] ?? "" }
  }

  @Test(
    "an earlier release becomes equal to a fresh installation and keeps its data",
    arguments: ["0.1.0-alpha", "0.1.0"])
  func fromEarlierRelease(name: String) async throws {
    let earlier = try await RecordedRelease.manifest(name)
    try await TestServer.withSchema { fresh in
      try await TestServer.withSchema(deployed: false) { connection in
        try await Deployment(connection: connection, manifest: earlier, version: "old").deploy()
        try await Self.pay(connection)
        let before = try await Self.totals(connection)
        #expect(before == ["500", "125250.0000", "400", "100"])

        let steps = try await Deployment(connection: connection).deploy()
        #expect(!steps.isEmpty)
        #expect(try await Deployment(connection: connection).drift() == [])
        let wanted = try await Self.definitions(fresh)
        let found = try await Self.definitions(connection)
        let different = Set(wanted.keys).union(found.keys).filter { wanted[$0] != found[$0] }
        #expect(different.sorted() == [])
        #expect(try await Self.totals(connection) == before)
        _ = try await connection.query("CALL refresh_rollups(1000)")
        let differences = try await connection.query(
          "CALL reconcile_rollups('2026-11-09', '2026-11-10')")
        #expect(differences.rows.isEmpty)
        #expect(try await Self.totals(connection)[2] == "500")
      }
    }
  }

  /// The manifest of this binary with one more column in `settings`, and a view that reads it.
  private static func next(_ migration: String?) throws -> Manifest {
    let embedded = try Manifest.embedded()
    var files = Dictionary(uniqueKeysWithValues: embedded.objects.map { ($0.path, $0.source) })
    let path = "sql/tables/settings.sql"
    let old = try #require(embedded.objects.first { $0.path == path })
    files[path] = old.source.replacing(
      "    PRIMARY KEY (setting_name)",
      with: "    note VARCHAR(80) NULL COMMENT 'Note',\n    PRIMARY KEY (setting_name)")
    let table = try #require(SchemaObject(path: path, source: files[path] ?? ""))
    files["sql/views/ops/ops_notes.sql"] =
      "CREATE OR REPLACE VIEW ops_notes AS SELECT s.note FROM settings AS s;"
    var paths = embedded.objects.map(\.path) + ["sql/views/ops/ops_notes.sql"]
    if let migration {
      let name = "sql/migrations/0001_settings_note.sql"
      files[name] = """
        -- table: settings
        -- from: \(old.sourceChecksum)
        -- to: \(table.sourceChecksum)
        \(migration)
        """
      paths.append(name)
    }
    return try Manifest(paths.joined(separator: "\n"), files: files)
  }

  private static let addNote = """
    ALTER TABLE settings
    ADD COLUMN IF NOT EXISTS note VARCHAR(80) NULL COMMENT 'Note' AFTER description;
    """

  @Test("a failed migration leaves the earlier version working, and can be run again")
  func failedMigration() async throws {
    try await TestServer.withSchema { fresh in
      try await TestServer.withSchema { connection in
        try await Self.pay(connection)
        let wrong = try Self.next(
          Self.addNote + "\nALTER TABLE settings ADD KEY IF NOT EXISTS idx_nothing (nothing);")
        let deployment = try Deployment(connection: connection, manifest: wrong)
        let error = await #expect(throws: SchemaError.self) { try await deployment.deploy() }
        #expect(error?.code == .statement)
        #expect(error?.description.contains("settings") == true)

        // The earlier version continues to work.
        _ = try await connection.query("CALL refresh_rollups(1000)")
        #expect(try await Self.totals(connection)[2] == "500")
        #expect(try await connection.query("SELECT * FROM ops_jobs").rows.count > 5)
        let drift = try await Deployment(connection: connection).drift()
        #expect(drift.map(\.description) == ["table settings changed (column note is extra)"])

        let right = try Self.next(Self.addNote)
        let steps = try await Deployment(connection: connection, manifest: right).deploy()
        #expect(
          steps.map { "\($0.action) \($0.path)" }.sorted() == [
            "create sql/views/ops/ops_notes.sql", "migrate sql/tables/settings.sql",
          ])
        let repaired = try Deployment(connection: connection, manifest: right)
        #expect(try await repaired.drift() == [])
        #expect(try await repaired.deploy() == [])
        // The migrated table equals that of a fresh installation.
        try await fresh.execute("SET foreign_key_checks = 0")
        try await fresh.execute("DROP TABLE settings")
        let table = try #require(right.objects.first { $0.name == "settings" && $0.kind == .table })
        for statement in table.statements { try await fresh.execute(statement) }
        let key = "table settings"
        #expect(
          try await Self.definitions(fresh)[key] == Self.definitions(connection)[key])
        let kept = try await connection.query("SELECT COUNT(*) AS n FROM settings").rows.first
        #expect(kept?.integer("n") ?? 0 > 5)
      }
    }
  }

  @Test("a changed table without a migration is refused before any change")
  func noMigration() async throws {
    try await TestServer.withSchema { connection in
      let before = try await Self.definitions(connection)
      let deployment = try Deployment(connection: connection, manifest: Self.next(nil))
      let error = await #expect(throws: SchemaError.self) { try await deployment.deploy() }
      #expect(error?.code == .tableChanged)
      #expect(try await Self.definitions(connection) == before)
    }
  }

  @Test("migrations are chained into a path")
  func path() throws {
    func step(_ from: String, _ to: String) throws -> Migration {
      let source = "-- table: t\n-- from: \(from)\n-- to: \(to)\nDO 1;\n"
      let object = try #require(
        SchemaObject(path: "sql/migrations/\(from)\(to).sql", source: source))
      return try Migration(object)
    }
    let all = try [step("a", "b"), step("b", "c"), step("c", "d"), step("a", "c"), step("d", "a")]
    func names(_ from: String, _ to: String) -> [String]? {
      Migration.path(of: "t", from: from, to: to, in: all)?.map { $0.from[0] + $0.to }
    }
    #expect(names("a", "d") == ["ac", "cd"])
    #expect(names("b", "a") == ["bc", "cd", "da"])
    #expect(names("a", "x") == nil)
    #expect(Migration.path(of: "u", from: "a", to: "b", in: all) == nil)
    let headless = try #require(
      SchemaObject(path: "sql/migrations/x.sql", source: "-- table: t\nDO 1;"))
    #expect(throws: SchemaError.self) { try Migration(headless) }
  }
}
