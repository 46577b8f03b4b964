internal import MariaDBClient
internal import PayopsCore
internal import Schema
internal import TestSupport
internal import Testing

@Suite(
  "Roles", .timeLimit(.minutes(5)),
  .onMariaDB("roles of MySQL are other words: scripts/check-mysql-binary tries them"))
struct RoleTests {
  /// Runs a body with a deployed schema and its roles on a server of its own.
  ///
  /// - Parameter body: receives the owner's connection and the schema's name
  func withRoles(_ body: (Connection, String) async throws -> Void) async throws {
    try await TestServer.withSchema { connection in
      let name = try #require(
        try await connection.query("SELECT DATABASE() AS name").rows.first?["name"])
      try await DatabaseRoles(connection: connection).apply()
      do {
        try await body(connection, name)
      } catch {
        try await Self.removeRoles(of: name, connection)
        throw error
      }
      try await Self.removeRoles(of: name, connection)
    }
  }

  static func removeRoles(of schema: String, _ connection: Connection) async throws {
    let rows = try await connection.query(
      """
      SELECT CONCAT(IF(is_role = 'Y', 'DROP ROLE `', 'DROP USER `'), User, '`',
        IF(is_role = 'Y', '', CONCAT('@`', Host, '`'))) AS statement
      FROM mysql.user WHERE LEFT(User, ?) = ?
      """, [.integer(Int64(schema.count + 1)), .text(schema + "_")]
    ).rows
    for row in rows { try await connection.execute(row["statement"] ?? "") }
  }

  /// Creates an account with a role and connects as it.
  func connect(
    as role: String, _ schema: String, _ owner: Connection
  ) async throws -> Connection {
    let user = "\(schema)_u_\(role)"
    try await owner.execute("CREATE USER `\(user)`@localhost IDENTIFIED BY 'secret-of-test'")
    try await owner.execute("GRANT `\(schema)_\(role)` TO `\(user)`@localhost")
    try await DatabaseRoles(connection: owner).apply()
    var options = owner.options
    options.user = user
    options.password = Secret("secret-of-test")
    options.database = schema
    return try await Connection.open(options)
  }

  /// The error number of a statement; nil when it succeeds.
  func refusal(_ sql: String, _ connection: Connection) async -> UInt32? {
    do throws(DatabaseError) {
      _ = try await connection.queryAll(sql)
      return nil
    } catch {
      return error.errno
    }
  }

  /// An attempt: a kind of object, a verb, the statement, and the roles that may.
  struct Attempt {
    let what: String
    let sql: String
    let allowed: Set<String>
  }

  static let roles = ["admin", "job", "ops", "analyst", "bi", "backup", "monitor"]

  @Test("each role may do what the matrix says, and nothing else", arguments: roles)
  func matrix(role: String) async throws {
    try await withRoles { owner, schema in
      let connection = try await connect(as: role, schema, owner)
      for attempt in Self.attempts {
        let number = await refusal(attempt.sql, connection)
        // Denied on a server, a schema, a table, a column, a routine.
        let isDenied = number.map { [1044, 1045, 1142, 1143, 1227, 1370].contains($0) } ?? false
        #expect(
          isDenied != attempt.allowed.contains(role), "\(attempt.what): \(number ?? 0)")
        // An allowed call may fail only because a payment is missing.
        if !isDenied, let number {
          #expect((30_000...30_999).contains(number), "\(attempt.what): \(number)")
        }
      }
      await connection.close()
    }
  }

  @Test("every row of the table matches an object, and each published view belongs to a role")
  func tableIsTrue() async throws {
    try await withRoles { owner, schema in
      let idle = try await owner.query(
        """
        SELECT g.role_name, g.object_kind, g.object_pattern
        FROM role_grants AS g
        WHERE g.object_kind NOT IN ('schema', 'system_table')
          AND NOT EXISTS (
            SELECT 1 FROM information_schema.tables AS t
            WHERE t.table_schema = DATABASE() AND t.table_name LIKE g.object_pattern
              AND g.object_kind = IF(t.table_type = 'VIEW', 'view', 'table'))
          AND NOT EXISTS (
            SELECT 1 FROM information_schema.routines AS r
            WHERE r.routine_schema = DATABASE() AND r.routine_name LIKE g.object_pattern
              AND g.object_kind = LOWER(r.routine_type))
        """)
      #expect(idle.rows.map(\.values) == [])
      let orphans = try await owner.query(
        """
        SELECT t.table_name FROM information_schema.tables AS t
        WHERE t.table_schema = DATABASE() AND t.table_type = 'VIEW'
          AND t.table_name NOT LIKE 'int\\\\_%'
          AND NOT EXISTS (
            SELECT 1 FROM role_grants AS g
            WHERE g.object_kind = 'view' AND t.table_name LIKE g.object_pattern)
        """)
      #expect(orphans.rows.map(\.values) == [])
      #expect(try await DatabaseRoles(connection: owner).apply() == [])
    }
  }

  @Test("roles apply repairs manual grants, revocations and missing limits")
  func applyMends() async throws {
    try await withRoles { owner, schema in
      let roles = DatabaseRoles(connection: owner)
      let bi = "`\(schema)_bi`"
      try await owner.execute("GRANT ALL PRIVILEGES ON `\(schema)`.* TO \(bi)")
      try await owner.execute("GRANT SELECT (name), UPDATE (email, name) ON customers TO \(bi)")
      try await owner.execute("GRANT EXECUTE ON PROCEDURE refresh_rollups TO \(bi)")
      try await owner.execute("GRANT SELECT ON kpi_today TO \(bi) WITH GRANT OPTION")
      try await owner.execute("GRANT PROCESS ON *.* TO \(bi)")
      try await owner.execute("GRANT `\(schema)_admin` TO \(bi)")
      try await owner.execute("REVOKE SELECT ON kpi_payment_day FROM \(bi)")
      try await owner.execute("DROP ROLE `\(schema)_job`")
      try await owner.execute("CREATE USER `\(schema)_free`@localhost")
      try await owner.execute("GRANT \(bi) TO `\(schema)_free`@localhost")
      let found = try await roles.differences()
      func count(_ kind: DatabaseRoles.Difference.Kind, _ role: String) -> Int {
        found.count { $0.kind == kind && $0.grantee == "\(schema)_\(role)" }
      }
      // ALL, two on columns, EXECUTE, the option, PROCESS, the role.
      #expect(count(.excess, "bi") == 7)
      #expect(count(.missing, "bi") == 1)
      #expect(count(.missing, "job") > 10)
      let free = found.filter { $0.grantee == "\(schema)_free@localhost" }
      #expect(free.map(\.kind) == [.inactive, .unlimited, .unlimited])
      #expect(try await roles.apply() == found)
      #expect(try await roles.differences() == [])
      let limits = try await owner.query(
        "SELECT max_statement_time AS seconds, max_user_connections AS connections,"
          + " default_role FROM mysql.user WHERE User = ?", [.text("\(schema)_free")])
      #expect(limits.rows.first?.values == ["60.000000", "8", "\(schema)_bi"])
    }
  }

  @Test("two schemas on one server share no role")
  func schemasAreApart() async throws {
    try await withRoles { owner, schema in
      let connection = try await connect(as: "bi", schema, owner)
      try await withRoles { _, other in
        #expect(other != schema)
        #expect(await refusal("SELECT 1 FROM `\(other)`.kpi_today", connection) == 1142)
      }
      #expect(await refusal("SELECT 1 FROM kpi_today", connection) == nil)
      await connection.close()
    }
  }

  @Test("a locked owner gets the deployed objects; everything works without drift")
  func owner() async throws {
    try await withRoles { owner, schema in
      let deployment = try Deployment(connection: owner)
      try await OwnerAccount.make(on: owner)
      let steps = try await deployment.deploy()
      #expect(steps.count > 200)
      #expect(try await deployment.deploy() == [])
      #expect(try await deployment.drift() == [])
      let definers = try await owner.query(
        """
        SELECT definer FROM information_schema.views WHERE table_schema = DATABASE()
        UNION SELECT definer FROM information_schema.routines WHERE routine_schema = DATABASE()
        UNION SELECT definer FROM information_schema.triggers WHERE trigger_schema = DATABASE()
        UNION SELECT definer FROM information_schema.events WHERE event_schema = DATABASE()
        """)
      #expect(definers.rows.map(\.values) == [["\(schema)_owner@localhost"]])
      var login = owner.options
      login.user = "\(schema)_owner"
      login.database = nil
      let refusal = await #expect(throws: DatabaseError.self) {
        let connection = try await Connection.open(login)
        await connection.close()
      }
      // The account is locked.
      #expect(refusal?.errno == 4151, "\(refusal?.debugDescription ?? "")")
      #expect(try await DatabaseRoles(connection: owner).differences() == [], "grants are kept")

      // Triggers, routines and views have only the owner's rights.
      try await ViewSample.load(on: owner)
      let job = try await connect(as: "job", schema, owner)
      for call in [
        "CALL refresh_rollups(1000)", "CALL evaluate_rules(NULL)", "CALL apply_risk_scores(NULL)",
        "CALL open_risk_cases(NULL)", "CALL check_integrity(@findings)",
        "CALL reconcile_rollups('2026-11-18', '2026-11-18')",
      ] { _ = try await job.queryAll(call) }
      let failed = try await job.query(
        "SELECT view_name, error_message FROM ops_integrity_checks WHERE finding_count IS NULL")
      #expect(failed.rows.map(\.values) == [])
      await job.close()
      let rules = try await owner.query(
        "SELECT rule_id, error_message FROM risk_rule_runs WHERE error_message IS NOT NULL")
      #expect(rules.rows.map(\.values) == [])
      let bi = try await connect(as: "bi", schema, owner)
      #expect(try await readAll(bi).rows > 50)
      await bi.close()
      _ = try await owner.queryAll("CALL erase_customer(2)")
      _ = try await owner.queryAll("CALL rebuild_rollups('2026-11-18', '2026-11-18')")
      // Every job, and the archive, which changes tables.
      for row in try await owner.query("SELECT job_name FROM jobs WHERE command_kind = 'sql'").rows
      {
        let name = row["job_name"] ?? ""
        #expect(try await runJob(name, "2026-11-22", owner) == "succeeded", "\(name)")
      }
      _ = try await owner.queryAll("CALL prepare_archive_month('2026-01-01')")
      _ = try await owner.queryAll("CALL prepare_archive_month('2025-12-01')")
      try await owner.execute(
        "INSERT INTO archive_months (month_start, archive_state, checked_at)"
          + " VALUES ('2025-12-01', 'archived', UTC_TIMESTAMP())"
          + " ON DUPLICATE KEY UPDATE archive_state = 'archived'")
      try await owner.execute(
        "UPDATE settings SET setting_value = '1' WHERE setting_name = 'archive_keep_months'")
      _ = try await owner.queryAll("CALL drop_archived_months(@dropped)")
      #expect(try await owner.query("SELECT @dropped AS n").rows.first?.integer("n") == 1)
    }
  }

  /// Data of a customer that only an analyst may see in full.
  static let secrets = [
    "Zebedee Quillfeather", "QX-778812-ID", "zebedee@quillfeather.example", "+48555019283",
    "PL61109010140000071219812874", "zq@upi", "zebedee.quill@upi", "203.0.113.77",
    "Hidden Lane", "rent for Zebedee Quillfeather",
  ]

  @Test("bi, ops and monitor read no personal data in full, unlike analysts")
  func personalData() async throws {
    try await withRoles { owner, schema in
      for statement in [
        """
        INSERT INTO customers (customer_id, name, first_name, last_name, identifier, birth_date,
          email, phone, country, risk_category, account_open_date)
        VALUES (1, 'Zebedee Quillfeather', 'Zebedee', 'Quillfeather', 'QX-778812-ID',
          '1980-02-03', 'zebedee@quillfeather.example', '+48555019283', 'PL', 'high', '2020-01-01')
        """,
        """
        INSERT INTO customer_locations (customer_id, city, country, street)
        VALUES (1, 'Lodz', 'PL', 'Hidden Lane')
        """,
        """
        INSERT INTO accounts (account_id, customer_id, account_type, account_number, currency,
          opened_at)
        VALUES (1, 1, 'personal', 'PL61109010140000071219812874', 'EUR', '2020-01-01')
        """,
        "INSERT INTO payment_handles VALUES ('zq@upi', 1, '2020-01-01')",
        """
        INSERT INTO login_activity (customer_id, login_time, login_status, ip_address)
        VALUES (1, UTC_TIMESTAMP() - INTERVAL 2 MINUTE, 'failed', '203.0.113.77')
        """,
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
          transaction_type, status, counterparty_iban, counterparty_handle, title)
        VALUES
          (1, UTC_TIMESTAMP() - INTERVAL 1 MINUTE, 200000, 'EUR', 'transfer', 'completed',
            'PL61109010140000071219812874', NULL, 'rent for Zebedee Quillfeather'),
          (1, UTC_TIMESTAMP() - INTERVAL 1 MINUTE, 200000, 'EUR', 'transfer', 'completed',
            NULL, 'zq@upi', 'rent for Zebedee Quillfeather'),
          (1, UTC_TIMESTAMP() - INTERVAL 1 MINUTE, 100000, 'EUR', 'transfer', 'completed',
            NULL, 'zebedee.quill@upi', NULL),
          (1, UTC_TIMESTAMP() - INTERVAL 1 MINUTE, 90000, 'EUR', 'transfer', 'pending',
            NULL, NULL, NULL)
        """,
        "UPDATE rules SET is_enabled = rule_id = 'A09'",
        "UPDATE settings SET setting_value = '1' WHERE setting_name = 'case_minimum_score'",
        "CALL refresh_rollups(1000)", "CALL evaluate_rules(NULL)",
        "CALL apply_risk_scores(NULL)", "CALL open_risk_cases(NULL)",
        "CALL add_case_note(1, 'rent for Zebedee Quillfeather')",
      ] { _ = try await owner.queryAll(statement) }
      for role in ["bi", "ops", "monitor"] {
        let connection = try await connect(as: role, schema, owner)
        let seen = try await readAll(connection)
        #expect(seen.rows > 20, "\(role)")
        for secret in Self.secrets {
          #expect(!seen.text.contains(secret), "\(role) sees \(secret)")
        }
        await connection.close()
      }
      let analyst = try await connect(as: "analyst", schema, owner)
      let seen = try await readAll(analyst)
      for secret in Self.secrets {
        #expect(seen.text.contains(secret), "an analyst does not see \(secret)")
      }
      await analyst.close()
      let masked = try await owner.query(
        "SELECT masked_name, masked_identifier, birth_year, masked_email, masked_phone,"
          + " masked_account_number FROM customer_profiles INNER JOIN customer_accounts"
          + " USING (customer_id)")
      #expect(
        masked.rows.first?.values == [
          "Z***", "***ID", "1980", "z***@***.example", "***83", "PL***2874",
        ])
      let payees = try await owner.query(
        "SELECT payee FROM spend_top_payees WHERE payee_kind <> 'account' ORDER BY payee")
      #expect(payees.rows.map { $0["payee"] } == ["***@upi", "PL***2874", "ze***@upi"])
      let parties = try await owner.query(
        "SELECT masked_counterparty FROM payment_list ORDER BY transaction_id")
      #expect(
        parties.rows.map(\.values) == [["PL***2874"], ["***@upi"], ["ze***@upi"], [nil]])
    }
  }

  /// Everything that a connection can select, as one text.
  func readAll(_ connection: Connection) async throws -> (text: String, rows: Int) {
    let names = try await connection.query(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()")
    var text = ""
    var count = 0
    for name in names.rows.compactMap({ $0["name"] }) {
      let rows = try await connection.query("SELECT * FROM `\(name)`").rows
      count += rows.count
      for row in rows { text += row.values.map { $0 ?? "" }.joined(separator: "\t") + "\n" }
    }
    return (text, count)
  }
}
