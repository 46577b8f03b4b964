import Foundation
import Health
import MariaDBClient
import TestSupport
import Testing

@testable import payops

@Suite("Database commands", .timeLimit(.minutes(5)))
struct DatabaseVerbTests {
  /// Runs payops on a schema of the test server that holds stand-ins for the objects it calls.
  private func run(
    _ arguments: [String], setup: [String],
    whileRunning: (@Sendable (Int32, Connection) async -> Void)? = nil
  ) async throws -> ProgramRun {
    try await TestServer.withSchema(deployed: false) { (connection: Connection) in
      for statement in setup { try await connection.execute(statement) }
      let options = connection.options
      let socket = try #require(options.socket)
      let names = try await connection.query("SELECT DATABASE() AS name")
      let database = try #require(names.rows.first?["name"])
      var words = arguments + ["--socket", socket, "--database", database]
      if let user = options.user { words += ["--user", user] }
      var action: (@Sendable (Int32) async -> Void)?
      if let whileRunning { action = { pid in await whileRunning(pid, connection) } }
      return try await ProgramRun.run(try ProgramRun.binary, words, whileRunning: action)
    }
  }

  private static let catalog = [
    "CREATE TABLE daily (day DATE, amount DECIMAL(19,4), place VARCHAR(20), attempts INT)",
    """
    INSERT INTO daily VALUES ('2026-01-01', 10.5, '=Zürich', 3), ('2026-01-02', NULL, '東京', 4),
      ('2026-01-03', 99999999999999.9999, 'x', 5)
    """,
    """
    CREATE TABLE kpi_catalog AS SELECT 'volume' AS kpi_name, 'kpi' AS subject, 'amount' AS unit,
      'daily' AS source_view, 'sum of amounts' AS formula, 'day' AS time_column,
      'attempts < 5' AS default_filter
    """,
    """
    CREATE TABLE catalog_views AS SELECT 'daily' AS view_name, 'day' AS key_columns,
      'day' AS time_column, 'attempts < 5' AS default_filter
    """,
    """
    CREATE TABLE catalog_columns AS
      SELECT 'daily' AS view_name, 1 AS ordinal_position, 'day' AS column_name
      UNION ALL SELECT 'daily', 2, 'amount' UNION ALL SELECT 'daily', 3, 'place'
      UNION ALL SELECT 'daily', 4, 'attempts'
    """,
  ]

  @Test("kpi lists the catalogue")
  func list() async throws {
    let found = try await run(["kpi"], setup: Self.catalog)
    #expect(found.status == 0, "\(found.errors)")
    #expect(
      found.output == """
        kpi_name  subject  unit    source_view  formula
        volume    kpi      amount  daily        sum of amounts

        """)
  }

  @Test("kpi prints one KPI in each format, with all digits, for the requested period")
  func one() async throws {
    let csv = try await run(
      ["kpi", "volume", "--from=2026-01-01", "--to=2026-01-03", "--format=csv"],
      setup: Self.catalog)
    #expect(
      csv.output == "day,amount,place,attempts\r\n2026-01-02,,東京,4\r\n"
        + "2026-01-01,10.5000,'=Zürich,3\r\n")
    let json = try await run(
      ["kpi", "daily", "--json", "--from", "2026-01-03"], setup: Self.catalog)
    #expect(
      json.output == """
        [
          {"day":"2026-01-03","amount":99999999999999.9999,"place":"x","attempts":5}
        ]

        """)
    let usual = try await run(["kpi", "volume", "--limit", "1"], setup: Self.catalog)
    #expect(usual.output.split(separator: "\n").count == 2)
    #expect(usual.output.contains("2026-01-02"))
    #expect(usual.errors == "the first 1 rows; --limit shows more\n")
  }

  @Test("kpi names the nearest KPI for an unknown one")
  func unknown() async throws {
    let found = try await run(["kpi", "volumes"], setup: Self.catalog)
    #expect(found.status == 64)
    #expect(
      found.errors == "payops: error: there is no KPI 'volumes'\nhint: did you mean volume?\n")
  }

  @Test("a missing object is a configuration error that says to deploy")
  func notDeployed() async throws {
    let found = try await run(["kpi"], setup: [])
    #expect(found.status == 78)
    #expect(found.errors.contains("hint: deploy the schema"))
  }

  @Test("deploy installs once, shows drift, and repairs it")
  func deploy() async throws {
    try await TestServer.withSchema(deployed: false) { (connection: Connection) in
      let names = try await connection.query("SELECT DATABASE() AS name")
      let database = try #require(names.rows.first?["name"])
      let socket = try #require(connection.options.socket)
      func deploy(_ arguments: String...) async throws -> ProgramRun {
        try await ProgramRun.payops(
          ["deploy", "--socket", socket, "--database", database] + arguments,
          deadline: .seconds(120))
      }
      let plan = try await deploy("--dry-run")
      #expect(plan.status == 0, "\(plan.errors)")
      #expect(plan.output.contains("CREATE TABLE"))
      #expect(try await deploy("--check").status == 1)
      let first = try await deploy()
      #expect(first.status == 0, "\(first.errors)")
      #expect(first.output.hasSuffix(" objects deployed\n"))
      // It says where before it does anything.
      #expect(
        first.errors.hasPrefix(
          "deploying into schema \(database) on the server \(socket) (MariaDB 1"), "\(first.errors)"
      )
      #expect(try await deploy().output == "the schema is up to date\n")
      let clean = try await deploy("--check")
      #expect(clean.status == 0)
      #expect(clean.output == "")
      try await connection.execute("DROP PROCEDURE refresh_rollups")
      let drift = try await deploy("--check", "--json")
      #expect(drift.status == 1)
      #expect(
        drift.output.contains(
          #"{"drift":"missing","kind":"procedure","name":"refresh_rollups","details":null}"#))
      #expect(try await deploy().output == "1 objects deployed\n")

      // Nobody can log in as the owner, and it has no rights outside the schema.
      let definers = """
        SELECT definer FROM information_schema.views WHERE table_schema = DATABASE()
        UNION SELECT definer FROM information_schema.routines WHERE routine_schema = DATABASE()
        UNION SELECT definer FROM information_schema.triggers WHERE trigger_schema = DATABASE()
        UNION SELECT definer FROM information_schema.events WHERE event_schema = DATABASE()
        """
      let owner = "\(database)_owner"
      #expect(
        try await connection.query(definers).rows.map(\.values) == [["\(owner)@localhost"]])
      let locked = try await connection.query(
        "SELECT JSON_VALUE(Priv, '$.account_locked') AS v FROM mysql.global_priv WHERE User = ?",
        [.text(owner)])
      #expect(locked.rows.map { $0["v"] } == ["1"])
      let grants = try await connection.query("SHOW GRANTS FOR `\(owner)`@localhost").rows
        .compactMap { $0.values.first ?? nil }
      #expect(OutsideGrants.found(in: grants, schema: database) == [])
      // The hint for a mistyped name does not only offer a deployment.
      let typo = try await ProgramRun.payops([
        "kpi", "--socket", socket, "--database", "\(database)x",
      ])
      #expect(typo.status == 78)
      #expect(
        typo.errors.contains("error: there is no schema \(database)x on the server ")
          && typo.errors.contains("hint: did you mean --database \(database)? ")
          && typo.errors.contains("`payops deploy --database \(database)x` would make a new one"),
        "\(typo.errors)")
      try await connection.execute("DROP USER `\(owner)`@localhost")
      try await connection.execute("ALTER TABLE settings ADD COLUMN note INT")
      for arguments in [[], ["--check"]] {
        let altered = try await ProgramRun.payops(
          ["deploy", "--socket", socket, "--database", database] + arguments)
        #expect(altered.status == 1)
        #expect((altered.output + altered.errors).contains("column note is extra"))
      }
    }
  }

  @Test("an account that may not create the owner deploys without one, with a note")
  func deployWithoutOwner() async throws {
    try await TestServer.withSchema(deployed: false) { (connection: Connection) in
      let schema = try #require(connection.options.database)
      let user = "\(schema)_dba"
      try await connection.execute("CREATE USER `\(user)`@localhost IDENTIFIED BY 'secret-of-test'")
      try await connection.execute("GRANT ALL PRIVILEGES ON `\(schema)`.* TO `\(user)`@localhost")
      let folder = try TemporaryDirectory.make("dba")
      let file = folder.appending(path: "dba.cnf").path
      try Data(
        """
        [payops]
        socket = \(try #require(connection.options.socket))
        user = \(user)
        password = secret-of-test
        database = \(schema)
        """.utf8
      ).write(to: URL(filePath: file))
      chmod(file, 0o600)
      let run = try await ProgramRun.payops(
        ["deploy", "--defaults-file", file], deadline: .seconds(120))
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.errors.contains("note: the account may not make payops' owner"), "\(run.errors)")
      let owners = try await connection.query(
        "SELECT 1 FROM mysql.user WHERE User = ?", [.text("\(schema)_owner")])
      #expect(owners.rows.isEmpty)
      let quiet = try await ProgramRun.payops(["deploy", "--no-owner", "--defaults-file", file])
      #expect(!quiet.errors.contains("note: "), "\(quiet.errors)")
      try await connection.execute("DROP USER `\(user)`@localhost")
    }
  }

  /// A log of 25 changes that grows whenever a refresh takes some.
  private static func log(growing added: Int) -> [String] {
    [
      "CREATE TABLE log (n INT)", "INSERT INTO log VALUES (25)",
      """
      CREATE PROCEDURE refresh_rollups(IN in_limit BIGINT)
      BEGIN
        DECLARE v_n INT DEFAULT (SELECT LEAST(n, in_limit) FROM log);
        UPDATE log SET n = n - v_n + \(added);
        SELECT 0 AS transaction_changes, v_n AS settlement_changes, 0 AS login_changes,
          (SELECT n > 0 FROM log) AS has_more;
      END
      """,
    ]
  }

  @Test(
    "refresh repeats its call until nothing is left",
    arguments: [("1", 25), ("10", 3), ("24", 2), ("25", 1)])
  func refresh(batch: String, calls: Int) async throws {
    let found = try await run(
      ["refresh", "--batch=\(batch)", "--json"], setup: Self.log(growing: 0))
    #expect(found.status == 0, "\(found.errors)")
    #expect(found.output == "{\n  \"changes\": 25,\n  \"calls\": \(calls)\n}\n")
  }

  @Test("refresh of no changes at a time is refused")
  func refreshOfNothing() async throws {
    let found = try await run(["refresh", "--batch=0"], setup: Self.log(growing: 0))
    #expect(found.status == 64)
    #expect(found.errors.contains("a count of at least 1 such as 500, 120k or 10M"))
  }

  @Test("refresh ends beside an application that never stops writing")
  func refreshBesideWriter() async throws {
    let found = try await run(["refresh", "--batch=10", "--json"], setup: Self.log(growing: 3))
    #expect(found.status == 0, "\(found.errors)")
    // 10 of 25, 10 of 18, 10 of 11, then the remaining 4.
    #expect(found.output == "{\n  \"changes\": 34,\n  \"calls\": 4\n}\n")
  }

  @Test("reconcile exits with 1 when there are differences and 0 when there are none")
  func reconcile() async throws {
    func found(_ rows: Int) async throws -> ProgramRun {
      try await run(
        ["reconcile"],
        setup: [
          """
          CREATE PROCEDURE reconcile_rollups(IN in_from DATE, IN in_to DATE)
          SELECT in_from AS first_date, in_to AS last_date FROM DUAL WHERE \(rows) > 0
          """
        ])
    }
    let different = try await found(1)
    #expect(different.status == 1, "\(different.errors)")
    #expect(different.output == "first_date  last_date\n1000-01-01  4999-12-31\n")
    let same = try await found(0)
    #expect(same.status == 0)
    #expect(same.output == "")
    #expect(same.errors == "no differences\n")
  }

  @Test("Ctrl-C and SIGTERM cancel the running statement", arguments: [SIGINT, SIGTERM])
  func interrupted(signal: Int32) async throws {
    let begin = ContinuousClock.now
    let found = try await run(
      ["refresh"],
      setup: [
        """
        CREATE PROCEDURE refresh_rollups(IN in_limit BIGINT)
        SELECT 0 AS transaction_changes, 0 AS settlement_changes, 0 AS login_changes,
          0 AS has_more, TABLE_NAME FROM information_schema.TABLES WHERE SLEEP(50) = 0
        """
      ]
    ) { pid, connection in
      // Only once the statement runs is there something to cancel.
      let running =
        "SELECT 1 AS x FROM information_schema.PROCESSLIST WHERE STATE = 'User sleep'"
        + " AND DB = DATABASE()"
      while (try? await connection.query(running).rows.isEmpty) ?? false {
        try? await Task.sleep(for: .milliseconds(20))
      }
      kill(pid, signal)
    }
    #expect(found.status == 128 + signal)
    #expect(found.errors == "payops: interrupted\n")
    #expect(begin.duration(to: .now) < .seconds(40))
  }
}
