import Foundation
import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import Schema

@Suite("Schemas without a recorded deployment", .timeLimit(.minutes(8)))
struct EarlierVersionTests {
  /// Installs a manifest as the plain client does, without records.
  static func install(_ manifest: Manifest, on connection: Connection) async throws {
    for object in manifest.objects where object.kind != .migration {
      for statement in object.statements { _ = try await connection.queryAll(statement) }
    }
  }

  /// Payments over ten days: 120,000 in the long form, which takes several minutes.
  private static let payments =
    ProcessInfo.processInfo.environment["PAYOPS_TEST_LONG"] == nil ? 3_000 : 120_000

  /// Payments with settlements and logins.
  static func pay(_ connection: Connection) async throws {
    let step = 840_000 / payments
    try await connection.runScript(
      """
      INSERT INTO customers (customer_id, name, country, account_open_date)
      SELECT seq, CONCAT('C', seq), 'DE', '2026-01-01' FROM seq_1_to_100;
      INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)
      SELECT seq, seq, 'personal', 'EUR', '2026-01-01' FROM seq_1_to_100;
      INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
          transaction_type, status, response_code, counterparty_iban, requested_at, responded_at,
          ingested_at)
      SELECT 1 + seq % 100, '2026-11-01' + INTERVAL seq * \(step) SECOND,
          1 + seq % 5000 / 100,
          ELT(1 + seq % 3, 'EUR', 'USD', 'EUR'), ELT(1 + seq % 4, 'wire', 'transfer',
          'card_payment', 'direct_debit'), IF(seq % 7, 'completed', IF(seq % 2, 'pending', 'failed')),
          LPAD(seq % 20, 2, '0'), IF(seq % 3, NULL, 'DE89370400440532013000'),
          '2026-11-01' + INTERVAL seq * \(step) SECOND,
          '2026-11-01' + INTERVAL seq * \(step) SECOND
              + INTERVAL seq % 900 * 1000 MICROSECOND,
          '2026-11-11'
      FROM seq_1_to_\(payments);
      INSERT INTO settlements (transaction_id, rail, settlement_amount, currency, accepted_at,
          settlement_status, settlement_date)
      SELECT transaction_id, 'SEPA_CT', transaction_amount, currency, transaction_time,
          IF(transaction_id % 5, 'settled', 'pending'),
          IF(transaction_id % 5, transaction_time + INTERVAL 1 DAY, NULL)
      FROM transactions WHERE transaction_id % 60 = 0;
      INSERT INTO login_activity (customer_id, login_time, login_status)
      SELECT 1 + seq % 100, '2026-11-03' + INTERVAL seq MINUTE, IF(seq % 9, 'success', 'failed')
      FROM seq_1_to_500;
      """)
    // Some captured changes are pending during the migration.
    _ = try await connection.query("CALL refresh_rollups(\(payments * 5 / 6))")
  }

  /// The contents of the tables that people and applications write.
  static func contents(_ connection: Connection) async throws -> [[String?]] {
    var contents: [[String?]] = []
    for statement in [
      """
      SELECT status, currency, transaction_type, COUNT(*), SUM(transaction_amount),
          SUM(base_amount), SUM(duration_ms), SUM(CRC32(CONCAT_WS('|', transaction_id, account_id,
          transaction_time, transaction_amount, response_code, counterparty_iban, status,
          ingested_at, status_changed_at)))
      FROM transactions GROUP BY status, currency, transaction_type
      ORDER BY status, currency, transaction_type
      """,
      """
      SELECT COUNT(*), SUM(settlement_amount), SUM(CRC32(CONCAT_WS('|', settlement_id,
          transaction_id, due_at, settlement_status, settlement_date, base_amount)))
      FROM settlements
      """,
      "SELECT COUNT(*), SUM(CRC32(CONCAT_WS('|', customer_id, name, country))) FROM customers",
      "SELECT COUNT(*), SUM(CRC32(CONCAT_WS('|', account_id, customer_id, balance))) FROM accounts",
      "SELECT login_status, COUNT(*) FROM login_activity GROUP BY login_status",
      """
      SELECT SUM(change_sign), COUNT(*), SUM(base_amount) FROM transaction_changes
      """,
    ] {
      contents += try await connection.query(statement).rows.map(\.values)
    }
    return contents
  }

  /// Holds the rollups to the payments of ``pay(_:)``, those that waited included.
  static func checkRollups(_ connection: Connection) async throws {
    _ = try await connection.query("CALL refresh_rollups(1000000)")
    let differences = try await connection.query(
      "CALL reconcile_rollups('2026-10-31', '2026-11-30')")
    #expect(differences.rows.map(\.values).isEmpty, "\(differences.rows.prefix(3))")
    let counted = try await connection.query(
      "SELECT SUM(total_count) AS n FROM metric_day WHERE dimension = 'all'")
    #expect(counted.rows.first?.integer("n") == Int64(payments))
  }

  @Test(
    "an old schema of the plain client becomes equal to a fresh one and keeps its payments",
    arguments: ["2026-11-21-capture", "2026-11-22-monitor", "0.1.0-alpha", "0.1.0"])
  func oldSchema(release: String) async throws {
    let earlier = try await RecordedRelease.manifest(release)
    try await TestServer.withSchema { fresh in
      try await TestServer.withSchema(deployed: false) { connection in
        try await Self.install(earlier, on: connection)
        try await Self.pay(connection)
        let before = try await Self.contents(connection)
        #expect(before.first?[3] != nil)

        let deployment = try Deployment(connection: connection)
        let steps = try await deployment.deploy()
        #expect(steps.contains { $0.action == .migrate } || release == "0.1.0-alpha")
        #expect(try await Self.contents(connection) == before)
        #expect(try await deployment.drift() == [])
        #expect(try await deployment.deploy() == [])
        let wanted = try await UpgradeTests.definitions(fresh)
        let found = try await UpgradeTests.definitions(connection)
        let different = Set(wanted.keys).union(found.keys).filter { wanted[$0] != found[$0] }
        #expect(different.sorted() == [])

        try await Self.checkRollups(connection)
      }
    }
  }

  @Test("every earlier version of a table is recognised by its shape and migrated")
  func earlierTables() async throws {
    let manifest = try Manifest.embedded()
    let present = Set(manifest.objects.filter { $0.kind == .table }.map(\.name))
    let versions = Dictionary(grouping: manifest.earlier, by: \.name)
    #expect(versions.count > 10)
    try await TestServer.withSchema { connection in
      for turn in 0..<(versions.values.map(\.count).max() ?? 0) {
        try await connection.execute("SET foreign_key_checks = 0")
        try await connection.execute("SET @payops_test = 1")
        var replaced: Set<String> = []
        for (name, all) in versions where turn < all.count {
          try await connection.execute("DROP TABLE IF EXISTS \(name)")
          for statement in all[turn].statements { try await connection.execute(statement) }
          replaced.insert(name)
        }
        try await connection.execute("SET foreign_key_checks = 1")
        let steps = try await Deployment(connection: connection).deploy()
        #expect(
          Set(steps.filter { $0.action == .migrate || $0.action == .drop }.map(\.path))
            == Set(replaced.map { "sql/tables/\($0).sql" }))
        #expect(try await Deployment(connection: connection).drift() == [])
        for name in replaced where !present.contains(name) {
          #expect(
            try await connection.query("SHOW TABLES LIKE '\(name)'").rows.isEmpty, "\(name)")
        }
      }
    }
  }

  @Test("a schema that is not of payops is refused by its tables' names and left unchanged")
  func foreignSchema() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      try await connection.runScript(
        """
        CREATE TABLE transactions (id INT PRIMARY KEY, amount DECIMAL(10,2), note TEXT);
        CREATE TABLE customers (id INT PRIMARY KEY, name TEXT);
        INSERT INTO transactions VALUES (1, 5.00, 'rent');
        """)
      let before = try await UpgradeTests.definitions(connection)
      for isDryRun in [true, false] {
        let error = await #expect(throws: SchemaError.self) {
          let deployment = try Deployment(connection: connection)
          if isDryRun { _ = try await deployment.plan() } else { try await deployment.deploy() }
        }
        #expect(error?.code == .foreignTables)
        #expect(
          error?.description
            == "the schema is not one of payops: it holds table customers, table transactions")
        #expect(error?.hint?.contains("--database") == true)
      }
      #expect(try await UpgradeTests.definitions(connection) == before)
      let rows = try await connection.query("SELECT * FROM transactions").rows.map(\.values)
      #expect(rows == [["1", "5.00", "rent"]])
    }
  }

  @Test("foreign tables beside those of payops are refused before the first statement")
  func foreignTables() async throws {
    let embedded = try Manifest.embedded()
    let old = embedded.objects.filter { $0.path != "sql/tables/alert_slices.sql" }
    try await TestServer.withSchema(deployed: false) { connection in
      for object in old where object.kind == .table {
        for statement in object.statements { try await connection.execute(statement) }
      }
      try await connection.execute("CREATE TABLE ledger (id INT)")
      let deployment = try Deployment(connection: connection)
      var error = await #expect(throws: SchemaError.self) { try await deployment.deploy() }
      #expect(error?.description.hasSuffix("not of payops: table ledger") == true)

      try await connection.runScript(
        "DROP TABLE ledger; CREATE TABLE alert_slices (id INT, alert_id BIGINT);")
      let before = try await UpgradeTests.definitions(connection)
      error = await #expect(throws: SchemaError.self) { try await deployment.deploy() }
      #expect(error?.code == .foreignTables)
      #expect(error?.description.contains("alert_slices (column") == true)
      #expect(try await UpgradeTests.definitions(connection) == before)
    }
  }

  @Test("a table of an earlier version is migrated although its record says that it is current")
  func wronglyRecorded() async throws {
    let old = try #require(
      try Manifest.embedded().earlier.first { $0.name == "stuck_payments" })
    try await TestServer.withSchema { connection in
      try await connection.execute("DROP TABLE stuck_payments")
      for statement in old.statements { try await connection.execute(statement) }
      let deployment = try Deployment(connection: connection)
      #expect(
        try await deployment.drift().map(\.description) == [
          "table stuck_payments changed (column transaction_id differs,"
            + " constraint fk_stuck_payments_transaction is extra)"
        ])
      #expect(
        try await deployment.deploy().map { "\($0.action) \($0.path)" }
          == ["migrate sql/tables/stuck_payments.sql"])
      #expect(try await deployment.drift() == [])
    }
  }

  @Test("rows that a migration cannot keep stop it before any change")
  func rowsInTheWay() async throws {
    let embedded = try Manifest.embedded()
    var files = Dictionary(uniqueKeysWithValues: embedded.objects.map { ($0.path, $0.source) })
    let path = "sql/tables/settings.sql"
    let source = try #require(files[path])
    let changed = source.replacing(
      "    PRIMARY KEY (setting_name)",
      with: """
            PRIMARY KEY (setting_name),
            CONSTRAINT ck_settings_test CHECK (setting_name <> 'x')
        """)
    let table = try #require(SchemaObject(path: path, source: changed))
    let before = try #require(SchemaObject(path: path, source: source))
    files[path] = changed
    let migration = "sql/migrations/9999_settings.sql"
    files[migration] = """
      -- table: settings
      -- from: \(before.sourceChecksum)
      -- to: \(table.sourceChecksum)
      -- check: SELECT 1 FROM settings WHERE setting_name = 'x' LIMIT 1
      -- otherwise: the setting x must go
      ALTER TABLE settings ADD CONSTRAINT IF NOT EXISTS ck_settings_test CHECK (setting_name <> 'x');
      """
    let manifest = try Manifest(
      (embedded.objects.map(\.path) + [migration]).joined(separator: "\n"), files: files)
    try await TestServer.withSchema { connection in
      try await connection.execute(
        "INSERT INTO settings (setting_name, setting_value, description) VALUES ('x', '1', 'x')")
      let deployment = try Deployment(connection: connection, manifest: manifest)
      let definitions = try await UpgradeTests.definitions(connection)
      let error = await #expect(throws: SchemaError.self) { try await deployment.deploy() }
      #expect(error?.code == .precondition)
      #expect(
        error?.description == "nothing was deployed: table settings: the setting x must go")
      #expect(try await UpgradeTests.definitions(connection) == definitions)
      try await connection.execute("DELETE FROM settings WHERE setting_name = 'x'")
      #expect(try await deployment.deploy().map(\.path) == [path])
    }
  }

  @Test("an account or server that would stop a deployment half way is refused at once")
  func preconditions() async throws {
    let server = try await TestServer.privateServer(options: ["--log-bin=log", "--server-id=1"])
    let administrator = try await Connection.open(server.connectionOptions)
    try await administrator.runScript(
      """
      CREATE DATABASE plain CHARACTER SET utf8mb4;
      CREATE USER deployer@localhost IDENTIFIED BY 'deploy';
      GRANT ALL ON plain.* TO deployer@localhost;
      """)
    var options = server.connectionOptions
    options.database = "plain"
    options.user = "deployer"
    options.password = Secret("deploy")
    func refusal() async throws -> String? {
      let connection = try await Connection.open(options)
      let deployment = try Deployment(connection: connection)
      let error = await #expect(throws: SchemaError.self) { try await deployment.deploy() }
      #expect(error?.code == .precondition)
      #expect(try await Inventory.read(from: connection).found.isEmpty)
      // The same is said of a schema that does not exist yet, and it is not made.
      let early = await #expect(throws: SchemaError.self) {
        try await Deployment.checkServer(for: "plain", on: connection)
      }
      #expect(early?.description == error?.description)
      await connection.close()
      return error?.description
    }
    #expect(try await refusal()?.contains("need SUPER") == true)
    try await administrator.runScript(
      """
      SET GLOBAL log_bin_trust_function_creators = 1;
      REVOKE EVENT, TRIGGER ON plain.* FROM deployer@localhost;
      """)
    #expect(
      try await refusal()
        == "nothing was deployed: the account lacks EVENT, TRIGGER on schema plain")
    try await administrator.runScript(
      "GRANT ALL ON plain.* TO deployer@localhost; SET GLOBAL read_only = 1;")
    #expect(try await refusal()?.contains("read only") == true)
    await administrator.close()
    try await server.remove()
  }
}
