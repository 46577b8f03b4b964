import MariaDBClient
import TestSupport
import Testing

@Suite("Writes under hostile session settings", .timeLimit(.minutes(10)))
struct HostileSessionTests {
  /// Settings that any account may make.
  private static let settings =
    [
      "timestamp = 1300000000", "timestamp = 2000000000", "sql_mode = ''",
      "sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH'", "autocommit = 0",
      "group_concat_max_len = 4", "foreign_key_checks = 0", "unique_checks = 0",
      "character_set_connection = latin1",
      "collation_connection = utf8mb4_bin", "time_zone = '+13:00'",
      "sql_select_limit = 0", "sql_select_limit = 1",
      "insert_id = 9223372036854775806", "insert_id = 1", "div_precision_increment = 0",
      "sql_safe_updates = 1", "big_tables = 1",
      "sql_auto_is_null = 1", "completion_type = 'CHAIN'", "completion_type = 'RELEASE'",
      "max_error_count = 0", "max_sort_length = 64",
      "lc_time_names = 'de_DE'", "auto_increment_increment = 1000", "max_heap_table_size = 16384",
      "innodb_lock_wait_timeout = \(shortestWait)", "lock_wait_timeout = \(shortestWait)",
      "@payops_bulk_load = 1, @payops_archiving = 1", "@payops_as_of = '2011-01-01'",
      "@payops_job_name = 'expire_payments', @payops_fencing_token = 99",
    ] + (TestServer.isMySQL ? mySQLSettings : mariaDBSettings)

  private static let shortestWait = TestServer.isMySQL ? 1 : 0
  private static let mySQLSettings = [
    "transaction_isolation = 'SERIALIZABLE'", "transaction_isolation = 'READ-UNCOMMITTED'",
    "transaction_read_only = 1", "cte_max_recursion_depth = 1",
  ]
  private static let mariaDBSettings = [
    "check_constraint_checks = 0", "tx_isolation = 'SERIALIZABLE'",
    "tx_isolation = 'READ-UNCOMMITTED'", "tx_read_only = 1",
    "old_mode = 'NO_DUP_KEY_WARNINGS_WITH_IGNORE'", "max_recursive_iterations = 1",
  ]
  private static let recursionLimit =
    TestServer.isMySQL ? "cte_max_recursion_depth" : "max_recursive_iterations"

  /// What each posting procedure writes for its own accounts, without ids and times.
  private static func outcome(_ first: Int, _ connection: Connection) async throws -> [String] {
    let range = "BETWEEN \(first) AND \(first + 9)"
    return try await LedgerFixture.texts(
      """
      SELECT CONCAT_WS(' ', 'balance', a.account_id - \(first), a.balance, a.account_status)
      FROM accounts AS a WHERE a.account_id \(range)
      UNION ALL
      SELECT CONCAT_WS(' ', 'payment', t.account_id - \(first), t.transaction_amount, t.status,
          t.transaction_type, t.response_code, SUBSTRING_INDEX(t.idempotency_key, '-', -1),
          t.base_amount, t.balance_after, ABS(TIMESTAMPDIFF(SECOND, t.transaction_time,
              server_clock())) < 600)
      FROM transactions AS t WHERE t.account_id \(range)
      UNION ALL
      SELECT CONCAT_WS(' ', 'entry', e.account_id - \(first), e.entry_amount)
      FROM ledger_entries AS e WHERE e.account_id \(range)
      UNION ALL
      SELECT CONCAT_WS(' ', 'settlement', s.rail, s.settlement_amount, s.settlement_status)
      FROM settlements AS s INNER JOIN transactions AS t ON t.transaction_id = s.transaction_id
      WHERE t.account_id \(range)
      UNION ALL
      SELECT CONCAT_WS(' ', 'captured', c.account_id - \(first), c.change_sign, c.status, c.base_amount)
      FROM transaction_changes AS c WHERE c.account_id \(range)
      ORDER BY 1
      """, on: connection)
  }

  private static func calls(_ first: Int) -> [String] {
    let key = "k\(first)-"
    let account = { (offset: Int) in "\(first + offset)" }
    return [
      "CALL post_payment('\(key)a', \(account(0)), \(account(1)), 10.50, 'EUR', 'transfer', NULL,"
        + " @plain, @s, @r)",
      "CALL authorize_payment('\(key)b', \(account(2)), NULL, 30, 'EUR', 'card_payment', 'CARD',"
        + " NULL, @held, @s, @r)",
      "CALL capture_payment('\(key)c', @held, 25, @s, @r)",
      "CALL refund_payment('\(key)d', @held, 5, @back, @s, @r)",
      "CALL reverse_payment('\(key)e', @plain, @s, @r)",
      "CALL authorize_payment('\(key)f', \(account(2)), NULL, 9, 'EUR', 'card_payment', 'CARD',"
        + " NULL, @void, @s, @r)",
      "CALL void_payment('\(key)g', @void, @s, @r)",
      "CALL adjust_balance('\(key)h', \(account(3)), 5, 'goodwill', @b, @r)",
      "CALL block_account(\(account(4)), 'lost card', @s, @r)",
      "CALL close_account(\(account(5)), 'moved away', @s, @r)",
      "CALL settle_batch('\(key)i', 'CARD', '2040-01-01', @batch, @count)",
      "CALL expire_payments(100, @count)",
    ]
  }

  private static func openLedger(_ first: Int, _ connection: Connection) async throws {
    try await connection.execute(
      """
      INSERT INTO accounts (account_id, customer_id, account_type, currency, balance, opened_at)
      SELECT \(first) + seq, 1, 'personal', 'EUR', IF(seq = 5, 0, 1000), '2020-01-01'
      FROM \(numbers(0...9)) AS n
      """)
  }

  @Test("each posting procedure gives the result of a clean session, or refuses")
  func posting() async throws {
    try await TestServer.withSchema { connection in
      let ledger = try await LedgerFixture.open(on: connection)
      try await Self.openLedger(1000, connection)
      for call in Self.calls(1000) { try await connection.execute(call) }
      let clean = try await Self.outcome(1000, connection)
      #expect(clean.count > 25)
      let log = "SELECT COUNT(*) FROM transactions"
      for (number, setting) in Self.settings.enumerated() {
        let first = 2000 + number * 100
        try await Self.openLedger(first, connection)
        let opened = try await Self.outcome(first, connection)
        let payments = try await LedgerFixture.number(log, on: connection)
        var refused = 0
        let calls = Self.calls(first)
        let caller = try await Connection.open(ledger.options)
        for call in calls {
          // Set before each call: some settings last for one statement.
          do {
            try await caller.execute("SET \(setting)")
          } catch let error as DatabaseError {
            // Some settings end the connection.
            #expect(![1193, 1231].contains(error.errno), "\(setting)")
            continue
          }
          do {
            try await caller.execute(call)
            #expect(await caller.isInTransaction == false, "\(setting): \(call)")
          } catch let error as DatabaseError {
            refused += 1
            #expect(error.errno != 0, "\(setting)")
          }
          _ = try? await caller.execute("ROLLBACK")
        }
        await caller.close()
        let found = try await Self.outcome(first, connection)
        if refused == 0 {
          #expect(found == clean, "\(setting)")
        } else {
          #expect(found == opened, "\(setting)")
          #expect(try await LedgerFixture.number(log, on: connection) == payments, "\(setting)")
        }
        #expect(try await LedgerFixture.damage(on: connection) == [], "\(setting)")
      }
    }
  }

  @Test(
    "rules and rollups read everything or refuse to run", arguments: ["group_concat_max_len = 12"])
  func cut(setting: String) async throws {
    try await TestServer.withSchema { connection in
      _ = try await LedgerFixture.open(on: connection)
      try await connection.execute("SET \(setting)")
      try await LedgerFixture.post("'a', 1, 2, 10, 'EUR', 'transfer', NULL", on: connection)
      _ = try await connection.query("CALL refresh_rollups(1000)")
      let run = try await connection.query("CALL evaluate_rules(NULL)").rows.first
      #expect(run?["failed_rule_count"] == "0")
      for refused in [
        "\(Self.recursionLimit) = 1", "div_precision_increment = 0", "autocommit = 0",
      ] {
        try await connection.execute("SET \(refused)")
        let error = await #expect(throws: DatabaseError.self) {
          _ = try await connection.query("CALL evaluate_rules(NULL)")
        }
        #expect(error?.errno == 30014, "\(refused)")
        #expect(await connection.isInTransaction == false)
        try await connection.execute("SET \(Self.recursionLimit) = DEFAULT")
        try await connection.execute("SET div_precision_increment = DEFAULT")
        try await connection.execute("SET autocommit = 1")
      }
    }
  }

  @Test("with autocommit off a job that makes its own transactions ends outside of one")
  func jobs() async throws {
    try await TestServer.withSchema { connection in
      try await ViewSample.load(on: connection)
      let jobs = try await LedgerFixture.texts(
        """
        SELECT j.command_text
        FROM jobs AS j
        INNER JOIN information_schema.routines AS r
            ON r.routine_schema = DATABASE() AND j.command_text LIKE CONCAT('CALL ', r.routine_name, '(%')
        WHERE r.routine_definition LIKE '%START TRANSACTION%'
        """, on: connection)
      #expect(jobs.count > 8)
      // The second time there is nothing to do.
      for job in jobs + jobs {
        try await connection.execute("SET autocommit = 0")
        var errno: UInt32?
        do {
          _ = try await connection.queryAll(job)
        } catch let error as DatabaseError {
          errno = error.errno
        }
        #expect(errno == nil, "\(job)")
        #expect(await connection.isInTransaction == false, "\(job)")
        try await connection.execute("SET autocommit = 1")
      }
    }
  }

  /// Actions of people on a customer with a case, an alert, a job and a rule.
  private static func deeds(_ number: Int) -> [String] {
    [
      "CALL add_case_note(\(number), 'asked the branch')", "CALL assign_case(\(number), 'ana')",
      "CALL decide_case(\(number), 'false_positive', 'salary of two months')",
      "CALL change_alert(\(number), 'acknowledged', 'looking at it', 'ana')",
      "CALL change_alert(\(number), 'resolved', 'nothing', 'ana')",
      "CALL silence_alerts('rule\(number)', NULL, '2040-01-01', '2040-01-02', 'work', 'ana', @s)",
      "CALL set_job_enabled('job\(number)', FALSE)",
      "CALL override_risk_score(\(number), 40, 'known', 10)",
      "CALL propose_rule_version('A01', NULL, 50 + \(number) / 100, @version)",
      "CALL erase_customer(\(number))",
    ]
  }

  private static func openCustomer(_ number: Int, _ connection: Connection) async throws {
    for statement in [
      """
      INSERT INTO customers (customer_id, name, email, country, account_open_date)
      VALUES (\(number), 'Zebedee Quill\(number)', 'quill\(number)@quill.example', 'DE', '2020-01-01')
      """,
      """
      INSERT INTO risk_cases (case_id, customer_id, case_state, opened_at, due_at)
      VALUES (\(number), \(number), 'open', '2026-01-01', '2026-02-01')
      """,
      """
      INSERT INTO alerts (alert_id, alert_rule, alert_subject, severity, alert_state,
          alert_message, raised_at, fired_at, seen_at)
      VALUES (\(number), 'rule\(number)', 's', 'WARNING', 'firing', 'm',
          '2026-01-01', '2026-01-01', '2026-01-01')
      """,
      """
      INSERT INTO jobs (job_name, description, command_kind, command_text, schedule)
      VALUES ('job\(number)', 'of a test', 'sql', 'CALL watch_integrity()', 'every 1h')
      """,
    ] { try await connection.execute(statement) }
  }

  /// What is stored of a customer, without numbers, and whether its times are now.
  private static func stored(_ number: Int, _ connection: Connection) async throws -> [String] {
    let isNow = { (column: String) in
      "ABS(TIMESTAMPDIFF(SECOND, \(column), server_clock())) < 600"
    }
    return try await LedgerFixture.texts(
      """
      SELECT CONCAT_WS(' ', 'customer', REPLACE(name, '\(number)', 'N'), email IS NULL)
      FROM customers WHERE customer_id = \(number)
      UNION ALL
      SELECT CONCAT_WS(' ', 'case', case_state, assignee, disposition, \(isNow("closed_at")))
      FROM risk_cases WHERE case_id = \(number)
      UNION ALL
      SELECT CONCAT_WS(' ', 'change', change_kind, change_text, \(isNow("changed_at")))
      FROM risk_case_changes WHERE case_id = \(number)
      UNION ALL
      SELECT CONCAT_WS(' ', 'alert', alert_state, acknowledged_by, open_key IS NULL)
      FROM alerts WHERE alert_id = \(number)
      UNION ALL
      SELECT CONCAT_WS(' ', 'silence', starts_at, ends_at)
      FROM alert_silences WHERE rule_pattern = 'rule\(number)'
      UNION ALL
      SELECT CONCAT_WS(' ', 'job', is_enabled) FROM jobs WHERE job_name = 'job\(number)'
      UNION ALL
      SELECT CONCAT_WS(' ', 'override', override_score, \(isNow("set_at")),
          TIMESTAMPDIFF(DAY, set_at, expires_at))
      FROM risk_overrides WHERE customer_id = \(number)
      UNION ALL
      SELECT CONCAT_WS(' ', 'draft', version_state, \(isNow("proposed_at")))
      FROM rule_versions WHERE rule_id = 'A01' AND points = 50 + \(number) / 100
      UNION ALL
      SELECT CONCAT_WS(' ', 'erasure', JSON_VALUE(table_counts, '$.customers'),
          searched_column_count > 100, \(isNow("erased_at")))
      FROM privacy_erasures WHERE customer_id = \(number)
      ORDER BY 1
      """, on: connection)
  }

  @Test("cases, alerts, silences, jobs and erasures store what a clean session stores, or refuse")
  func people() async throws {
    try await TestServer.withSchema { connection in
      var options = connection.options
      options.database = try await LedgerFixture.texts("SELECT DATABASE()", on: connection).first
      try await Self.openCustomer(1000, connection)
      for deed in Self.deeds(1000) { _ = try await connection.queryAll(deed) }
      let clean = try await Self.stored(1000, connection)
      #expect(clean.count == 11, "\(clean)")
      #expect(clean.contains { $0.hasPrefix("erasure 1 1 1") }, "\(clean)")
      for (number, setting) in Self.settings.enumerated() {
        let id = 2000 + number
        try await Self.openCustomer(id, connection)
        let caller = try await Connection.open(options)
        var left: [String] = []
        for deed in Self.deeds(id) {
          // A refused action changes nothing.
          let before = try await Self.stored(id, connection)
          if (try? await caller.execute("SET \(setting)")) == nil {
            left.append(deed)
            continue
          }
          var isRefused = false
          do {
            _ = try await caller.queryAll(deed)
          } catch let error as DatabaseError {
            isRefused = true
            #expect(error.errno != 0, "\(setting)")
          }
          _ = try? await caller.execute("COMMIT")
          let after = try await Self.stored(id, connection)
          if isRefused {
            left.append(deed)
            #expect(after == before, "\(setting): \(deed)")
          }
        }
        await caller.close()
        // A clean session then does what was refused, without any effect of the settings.
        for deed in left { _ = try? await connection.queryAll(deed) }
        let found = try await Self.stored(id, connection)
        let wanted = Set(clean)
        #expect(
          Set(found.filter { !$0.hasPrefix("change") }).isSubset(of: wanted), "\(setting): \(found)"
        )
        #expect(
          found.filter { $0.hasPrefix("change") }.allSatisfy(wanted.contains),
          "\(setting): \(found)")
      }
    }
  }

  @Test(
    "a session with checks off or another clock is refused with its error number",
    arguments: [
      ("foreign_key_checks = 0", 30014),
      (TestServer.isMySQL ? "unique_checks = 0" : "check_constraint_checks = 0", 30014),
      ("completion_type = 'CHAIN'", 30014), ("sql_auto_is_null = 1", 30014),
      ("timestamp = 1300000000", nil),
    ] as [(String, UInt32?)])
  func refusals(setting: String, number: UInt32?) async throws {
    try await TestServer.withSchema { connection in
      try await Self.openCustomer(1, connection)
      for deed in Self.deeds(1) {
        try await connection.execute("SET \(setting)")
        // Tests simulate alerts and jobs under their own clocks.
        let isTimed = ["case", "customer", "override", "rule_version"]
          .contains(where: deed.contains)
        let expected = number ?? (isTimed ? 30014 : nil)
        var errno: UInt32?
        do {
          _ = try await connection.queryAll(deed)
        } catch let error as DatabaseError {
          errno = error.errno
        }
        #expect(errno == expected, "\(setting): \(deed)")
      }
      try await connection.execute(
        "SET foreign_key_checks = 1, unique_checks = 1, completion_type = 'NO_CHAIN',"
          + " sql_auto_is_null = 0, timestamp = DEFAULT")
    }
  }
}
