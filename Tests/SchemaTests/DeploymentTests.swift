import MariaDBClient
import TestSupport
import Testing

@testable import Schema

@Suite("Deployment", .timeLimit(.minutes(3)))
struct DeploymentTests {
  @Test("a deployment installs everything, and a second one changes nothing")
  func isIdempotent() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      let deployment = try Deployment(connection: connection, version: "test")
      let planned = try await deployment.plan()
      let steps = try await deployment.deploy()
      #expect(steps == planned)
      #expect(steps.count == deployment.manifest.objects.count { $0.kind != .migration })
      #expect(try await deployment.deploy().isEmpty)
      #expect(try await deployment.drift().isEmpty)
    }
  }

  @Test("manual changes are found as drift, and a deployment repairs all but tables")
  func findsDrift() async throws {
    try await TestServer.withSchema { connection in
      let deployment = try Deployment(connection: connection)
      try await connection.execute("DROP TRIGGER transactions_after_insert_capture")
      try await connection.execute("CREATE TABLE found_nowhere (id INT PRIMARY KEY)")
      try await connection.execute("ALTER TABLE settings ADD COLUMN note INT")
      try await connection.execute(
        "CREATE OR REPLACE FUNCTION as_of() RETURNS DATETIME DETERMINISTIC NO SQL RETURN NOW()")
      let drift = try await deployment.drift()
      #expect(
        Set(drift.map { "\($0.kind) \($0.objectKind) \($0.name)" }) == [
          "missing trigger transactions_after_insert_capture", "extra table found_nowhere",
          "changed table settings", "changed function as_of",
        ])
      let steps = try await deployment.deploy()
      #expect(
        Set(steps.map(\.path)) == [
          "sql/triggers/transactions_after_insert_capture.sql", "procedures/functions/as_of.sql",
        ])
      let left = try await deployment.drift()
      #expect(Set(left.map(\.name)) == ["found_nowhere", "settings"])
    }
  }

  @Test(
    "a deployment sets the character set and collation of the schema, whatever it had",
    arguments: [
      "CHARACTER SET latin1 COLLATE latin1_swedish_ci",
      "CHARACTER SET utf8mb4 COLLATE utf8mb4_uca1400_ai_ci",
    ])
  func setsTextDefaults(clause: String) async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      try await connection.execute("ALTER DATABASE \(clause)")
      let record = try #require(
        try Manifest.embedded().objects.first { $0.name == "deployed_objects" })
      let deployment = try Deployment(
        connection: connection,
        manifest: try Manifest(record.path, files: [record.path: record.source]))
      #expect(
        try await deployment.drift().map { "\($0.kind) \($0.objectKind)" } == [
          "changed schema", "missing table",
        ])
      let steps = try await deployment.deploy()
      #expect(steps.map { "\($0.action) \($0.path)" } == ["alter schema", "create \(record.path)"])
      #expect(
        try await connection.query("SELECT @@collation_database AS c").rows.first?["c"]
          == "utf8mb4_general_ci")
      #expect(try await deployment.drift().isEmpty)
      #expect(try await deployment.deploy().isEmpty)
    }
  }

  @Test("an object created under another collation is replaced, although its text is the same")
  func replacesForeignCollation() async throws {
    try await TestServer.withSchema { connection in
      let deployment = try Deployment(connection: connection)
      let paths = ["procedures/functions/as_of.sql", "sql/views/kpi/kpi_today.sql"]
      let objects = deployment.manifest.objects.filter { paths.contains($0.path) }
      try await connection.execute("SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci")
      for statement in objects.flatMap(\.statements) { try await connection.execute(statement) }
      try await connection.execute("SET NAMES utf8mb4 COLLATE utf8mb4_general_ci")
      #expect(
        Set(try await deployment.drift().map { "\($0.kind) \($0.name)" }) == [
          "changed as_of", "changed kpi_today",
        ])
      #expect(Set(try await deployment.deploy().map(\.path)) == Set(paths))
      #expect(try await deployment.drift().isEmpty)
    }
  }

  @Test("a table left by an interrupted restore is called that, not only an extra table")
  func namesRestoreLeftovers() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("CREATE TABLE _payops_restored (a INT)")
      #expect(
        try await Deployment(connection: connection).drift().map(\.description) == [
          "table _payops_restored extra (left by a restore that was interrupted: run payops restore"
            + " --finish)"
        ])
      try await connection.execute("DROP TABLE _payops_restored")
    }
  }

  @Test("a changed object is replaced, and one that left the manifest is dropped")
  func followsManifest() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      let record = try #require(
        try Manifest.embedded().objects.first { $0.name == "deployed_objects" })
      func manifest(_ views: [String: String]) throws -> Manifest {
        var files = views
        files[record.path] = record.source
        let text = ([record.path] + views.keys.sorted()).joined(separator: "\n")
        return try Manifest(text, files: files)
      }
      func deploy(_ views: [String: String]) async throws -> [String] {
        let deployment = try Deployment(connection: connection, manifest: try manifest(views))
        return try await deployment.deploy().map { "\($0.action) \($0.path)" }
      }
      let first = "CREATE OR REPLACE VIEW kpi_a AS SELECT 1 AS n;"
      let second = "CREATE OR REPLACE VIEW kpi_a AS SELECT 2 AS n;"
      #expect(
        try await deploy(["sql/views/a/kpi_a.sql": first])
          == ["create \(record.path)", "create sql/views/a/kpi_a.sql"])
      #expect(
        try await deploy(["sql/views/a/kpi_a.sql": second]) == ["replace sql/views/a/kpi_a.sql"])
      #expect(try await connection.query("SELECT n FROM kpi_a").rows.first?.integer("n") == 2)
      #expect(try await deploy([:]) == ["drop sql/views/a/kpi_a.sql"])
    }
  }

  @Test("a table deployed in an unknown version is not changed")
  func refusesTableChange() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute(
        "UPDATE deployed_objects SET source_checksum = 'x' WHERE object_name = 'settings'")
      try await connection.execute("ALTER TABLE settings ADD COLUMN note INT")
      let error = await #expect(throws: SchemaError.self) {
        try await Deployment(connection: connection).deploy()
      }
      #expect(error?.code == .tableChanged)
      #expect(error?.description.contains("settings") == true)
    }
  }

  @Test("only one deployment into a schema runs at a time")
  func isExclusive() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      let other = try await Connection.open(connection.options)
      let deployment = try Deployment(connection: connection)
      try await connection.execute("DO 1")
      let name = try await connection.query("SELECT DATABASE() AS name").rows.first?["name"] ?? ""
      let lock = Deployment.lockName(of: name)
      _ = try await other.query("SELECT GET_LOCK(?, 0)", [.text(lock)])
      let error = await #expect(throws: SchemaError.self) {
        try await deployment.deploy(lockTimeoutSeconds: 0)
      }
      #expect(error?.code == .locked)
      await other.close()
    }
  }

  @Test("a deployment keeps reference values that the DBA changed")
  func keepsChangedReferenceData() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute(
        "UPDATE settings SET setting_value = '99' WHERE setting_name = 'high_risk_amount'")
      try await connection.execute("DELETE FROM deployed_objects WHERE object_kind = 'reference'")
      try await Deployment(connection: connection).deploy()
      let value = try await connection.query(
        "SELECT setting_value FROM settings WHERE setting_name = 'high_risk_amount'")
      #expect(value.rows.first?["setting_value"] == "99")
    }
  }

  @Test("every table and column has a comment")
  func everythingIsCommented() async throws {
    try await TestServer.withSchema { connection in
      let rows = try await connection.query(
        """
        SELECT table_name AS name FROM information_schema.tables
        WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' AND table_comment = ''
        UNION ALL
        SELECT CONCAT(c.table_name, '.', c.column_name) FROM information_schema.columns AS c
        INNER JOIN information_schema.tables AS t
          ON t.table_schema = c.table_schema AND t.table_name = c.table_name
        WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE'
          AND c.column_comment = ''
        UNION ALL
        SELECT routine_name FROM information_schema.routines
        WHERE routine_schema = DATABASE() AND routine_comment = ''
        """
      ).rows
      #expect(rows.compactMap { $0["name"] } == [])
    }
  }

  @Test("a schema with an interrupted restore is refused")
  func interruptedRestore() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("CREATE TABLE _payops_old_accounts (id INT)")
      let deployment = try Deployment(connection: connection)
      let error = await #expect(throws: SchemaError.self) { try await deployment.deploy() }
      #expect(error?.code == .interruptedRestore)
      try await connection.execute("DROP TABLE _payops_old_accounts")
      #expect(try await deployment.deploy().isEmpty)
    }
  }
}
