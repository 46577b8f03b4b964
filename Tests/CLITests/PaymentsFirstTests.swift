import Foundation
import MariaDBClient
import Synchronization
import TestSupport
import Testing

/// No work of payops makes a payment wait, except briefly for the snapshot of a backup and the
/// replacement of a trigger.
@Suite("Payments first", .serialized, .timeLimit(.minutes(15)))
struct PaymentsFirstTests {
  /// Work that must lock nothing. It runs while an open transaction that writes payments holds
  /// every row that payments need. A request for one of these locks, even for a single statement,
  /// fails at once; work without such a request makes no payment wait.
  @Test("no work requests a lock that a payment may hold")
  func asksForNone() async throws {
    let fixture = try await PaymentFixture.open()
    let holder = try await fixture.connect()
    try await fixture.setLockWait(1, holder)
    // As after an installation by the plain client, without records: correct triggers are not
    // replaced.
    try await holder.execute("DELETE FROM deployed_objects WHERE object_kind = 'trigger'")
    try await holder.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    try await holder.execute("START TRANSACTION")
    try await holder.execute(
      "UPDATE transactions SET status = 'pending' ORDER BY transaction_id DESC LIMIT 1")
    for table in PaymentFixture.tables {
      _ = try await holder.query("SELECT COUNT(*) FROM (SELECT 1 FROM \(table) FOR UPDATE) AS x")
    }
    let people = try await fixture.connect()
    try await people.execute("START TRANSACTION")
    _ = try await people.query("SELECT COUNT(*) FROM (SELECT 1 FROM customers FOR UPDATE) AS x")

    let watcher = try await fixture.connect()
    // Control: the tests can fail. The samples of a tick under the server's default isolation.
    try await watcher.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    try await watcher.execute("START TRANSACTION")
    let control = await #expect(throws: DatabaseError.self) {
      _ = try await watcher.queryAll("CALL sample_gauges('2026-01-01 00:00:00')")
    }
    #expect(control?.code == .lockTimeout)
    try await watcher.execute("ROLLBACK")

    // Everything is new for the rules, all accounts at once.
    try await watcher.execute(
      "INSERT IGNORE INTO risk_pending SELECT account_id, UTC_TIMESTAMP() - INTERVAL 30 DAY"
        + " FROM account_day GROUP BY account_id")
    let hourAgo = try await watcher.query(
      "SELECT DATE_FORMAT(UTC_TIMESTAMP() - INTERVAL 1 HOUR, '%Y-%m-%dT%H:%i:%s') AS t"
    ).rows.first?["t"]
    for work in [
      ["monitor", "tick", "--at", try #require(hourAgo)], ["monitor", "tick"], ["refresh"],
      ["reconcile"], ["deploy"], ["deploy", "--check"], ["health"],
    ] {
      let run = try await fixture.payops(work)
      #expect(run.status == 0, "\(work): \(run)")
    }
    #expect(try await fixture.errors(watcher) == [])
    let learned = try await watcher.query("SELECT COUNT(*) AS n FROM monitor_learned").rows.first
    #expect(learned?.integer("n") ?? 0 > 10)
    for job in try await fixture.jobs("sql", watcher) where job != "update_risk_scores" {
      let run = try await fixture.payops(["jobs", "run", job, "--now"])
      #expect(run.status == 0, "\(job): \(run)")
    }
    // Scores are written to customers, whom no payment locks.
    await people.close()
    let scores = try await fixture.payops(["jobs", "run", "update_risk_scores", "--now"])
    #expect(scores.status == 0, "\(scores)")
    #expect(try await fixture.errors(watcher) == [])
    let evaluated = try await watcher.query(
      "SELECT account_count AS n FROM risk_runs ORDER BY run_id DESC LIMIT 1")
    #expect(evaluated.rows.first?.integer("n") ?? 0 > 100)
    try await fixture.setLockWait(50, holder)
    await holder.close()
    await watcher.close()
  }

  /// Runs a body while an application writes payments.
  private func write(
    _ client: PaymentClient, _ fixture: PaymentFixture, _ work: () async throws -> Void
  ) async throws {
    let connection = try await fixture.connect()
    let running = Task { await client.run(on: connection) }
    do {
      try await work()
    } catch {
      client.stop()
      await running.value
      throw error
    }
    client.stop()
    await running.value
    await connection.close()
  }

  @Test("an application writes payments beside every piece of work and never waits for a lock")
  func beside() async throws {
    let fixture = try await PaymentFixture.open()
    let watcher = try await fixture.connect()
    try await watcher.runScript(
      """
      DELETE FROM monitor_points;
      DELETE FROM monitor_tracks;
      DELETE FROM monitor_learned;
      DELETE FROM monitor_state;
      INSERT IGNORE INTO risk_pending SELECT account_id, UTC_TIMESTAMP() - INTERVAL 30 DAY
      FROM account_day GROUP BY account_id
      """)
    let client = PaymentClient()
    let sql = try await fixture.jobs("sql", watcher)
    let folder = try TemporaryDirectory.make("first")
    defer { TemporaryDirectory.remove(folder) }
    let day = try #require(
      try await watcher.query("SELECT UTC_DATE() - INTERVAL 3 DAY AS d").rows.first?["d"])
    let (file, mapping) = try Self.payments(of: day, in: folder)
    let live = [
      "generate", "--transactions=3000", "--days=40", "--seed=11", "--live=2000", "--updates=200",
      "--duration=3", "--quiet",
    ]
    try await write(client, fixture) {
      for work in [
        ["monitor", "tick"], ["refresh"], ["monitor", "tick"], ["deploy"],
        ["import", file, "--mapping", mapping], live,
      ] + sql.map({ ["jobs", "run", $0, "--now"] }) + [["refresh"], ["reconcile"]] {
        let before = client.count
        // Work may end before the application has its turn; work that stops it is a failure.
        repeat {
          let run = try await fixture.payops(work)
          #expect(run.status == 0, "\(work): \(run)")
        } while client.count == before && client.failure == nil
        #expect(client.failure == nil, "\(work): \(client.failure?.debugDescription ?? "")")
      }
    }
    let archived = try await watcher.query("SELECT COUNT(*) AS n FROM transactions_archive")
    #expect(archived.rows.first?["n"] == "1200")
    #expect(try await fixture.errors(watcher) == [])
    await watcher.close()
  }

  /// A file of 4,000 payments of 500 new accounts, and its mapping.
  private static func payments(
    of day: String, in folder: URL
  ) throws -> (file: String, mapping: String) {
    var lines = ["no,account,at,amount"]
    for number in 1...4_000 {
      let minute = number % 50 + 10
      lines.append("p\(number),a\(number % 500),\(day) 10:\(minute):00,\(number).50")
    }
    let file = folder.appending(path: "payments.csv")
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
    let mapping = folder.appending(path: "mapping.json")
    try Data(
      """
      {"version": 1, "name": "bank", "files": [
        {"target": "transactions", "naturalKey": ["no"],
         "newAccounts": {"currency": "EUR", "country": "DE"},
         "columns": [
           {"from": "account", "to": "account_reference"},
           {"from": "at", "to": "transaction_time"},
           {"from": "amount", "to": "transaction_amount"}
         ],
         "constants": {"currency": "EUR", "transaction_type": "transfer", "status": "completed"}}
      ]}
      """.utf8
    ).write(to: mapping)
    return (file.path, mapping.path)
  }

  @Test("control: an INSERT … SELECT under REPEATABLE READ stops the application")
  func control() async throws {
    let fixture = try await PaymentFixture.open()
    let holder = try await fixture.connect()
    try await holder.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    try await holder.execute("CREATE TABLE IF NOT EXISTS copied (id BIGINT)")
    try await holder.execute("START TRANSACTION")
    try await holder.execute("INSERT INTO copied SELECT transaction_id FROM transactions")
    let client = PaymentClient()
    let connection = try await fixture.connect()
    // Not stopped: it ends with its failure, or never.
    await client.run(on: connection)
    #expect(client.failure?.code == .lockTimeout)
    try await holder.execute("ROLLBACK")
    try await holder.execute("DROP TABLE copied")
    await holder.close()
    await connection.close()
  }

  @Test("payments continue while a backup or a trigger replacement waits for an open transaction")
  func briefLocks() async throws {
    let fixture = try await PaymentFixture.open()
    let watcher = try await fixture.connect()
    let folder = try TemporaryDirectory.make("first")
    defer { TemporaryDirectory.remove(folder) }
    // A changed trigger, which has to be replaced.
    try await watcher.execute(
      "CREATE OR REPLACE TRIGGER transactions_after_delete_capture"
        + " AFTER DELETE ON transactions FOR EACH ROW SET @payops_test = 1")

    // One second is the least wait for a table that the server allows.
    let client = PaymentClient(lockSeconds: 1)
    try await write(client, fixture) {
      for (work, statement) in [
        (["backup", "create", "--dir", folder.path, "--no-verify"], "LOCK TABLES%"),
        (["deploy"], "%TRIGGER transactions%"),
      ] {
        // A transaction has written a payment and stays open.
        let slow = try await fixture.connect()
        try await slow.execute("START TRANSACTION")
        try await slow.execute(
          """
          INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
          SELECT MIN(account_id), UTC_TIMESTAMP(), 1, 'EUR', 'card_payment', 'pending' FROM accounts
          """)
        let hasEnded = Mutex(false)
        let running = Task {
          defer { hasEnded.withLock { $0 = true } }
          return try await fixture.payops(work)
        }
        let waits =
          "SELECT 1 FROM information_schema.processlist WHERE info LIKE '\(statement)'"
          + " AND state LIKE 'Waiting for table%'"
        // Requested, given up and requested again, while payments continue.
        for _ in 1...3 {
          while try await watcher.query(waits).rows.isEmpty, !hasEnded.withLock({ $0 }) {
            try await Task.sleep(for: .milliseconds(1))
          }
          let before = client.count
          while client.count < before + 3, client.failure == nil {
            try await Task.sleep(for: .milliseconds(1))
          }
        }
        #expect(!hasEnded.withLock { $0 }, "\(work) did not wait")
        try await slow.execute("COMMIT")
        await slow.close()
        let run = try await running.value
        #expect(run.status == 0, "\(run)")
        #expect(client.failure == nil, "\(client.failure?.debugDescription ?? "")")
      }
    }
    let check = try await fixture.payops(["deploy", "--check"])
    #expect(check.status == 0, "\(check)")
    await watcher.close()
  }
}
