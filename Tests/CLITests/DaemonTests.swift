import Foundation
import MariaDBClient
import Synchronization
import TestSupport
import Testing

@Suite("payops run and payops jobs", .timeLimit(.minutes(5)))
struct DaemonTests {
  private static func words(_ connection: Connection) async throws -> [String] {
    let options = connection.options
    let names = try await connection.query("SELECT DATABASE() AS name")
    var all = [
      "--socket", try #require(options.socket), "--database",
      try #require(names.rows.first?["name"]),
    ]
    if let user = options.user { all += ["--user", user] }
    return all
  }

  private func payops(_ arguments: [String], _ connection: Connection) async throws -> ProgramRun {
    try await ProgramRun.run(
      try ProgramRun.binary, arguments + (try await Self.words(connection)))
  }

  /// Waits until a query returns a row.
  private static func wait(_ connection: Connection, for sql: String) async throws {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(60)
    while try await connection.query(sql).rows.isEmpty {
      guard clock.now < end else {
        Issue.record("nothing came of \(sql)")
        return
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// A job that is due every second.
  private static func addJob(
    _ connection: Connection, _ name: String, kind: String = "sql", command: String,
    timeout: Int = 60
  ) async throws {
    try await connection.execute(
      """
      INSERT INTO jobs (job_name, description, command_kind, command_text, schedule,
          timeout_seconds, maximum_attempts, retry_seconds)
      VALUES (?, 'test', ?, ?, 'every 1s', ?, 1, 0)
      """,
      [.text(name), .text(kind), .text(command), .integer(Int64(timeout))])
  }

  @Test("jobs are listed, run once per scheduled time, enabled, rescheduled and checked")
  func verbs() async throws {
    try await TestServer.withSchema { connection in
      let list = try await payops(["jobs", "list"], connection)
      #expect(list.status == 0 && list.output.contains("refresh_kpis"), "\(list)")
      #expect(list.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(list.output)")

      // A daily job: both runs are of the same time.
      let first = try await payops(["jobs", "run", "purge_history"], connection)
      #expect(first.status == 0 && first.output.contains("succeeded"), "\(first)")
      let second = try await payops(["jobs", "run", "purge_history"], connection)
      #expect(second.status == 0 && second.output.contains("nothing to do"), "\(second)")
      let forced = try await payops(
        ["jobs", "run", "purge_history", "--now", "--json"], connection)
      #expect(forced.output.contains(#""outcome": "succeeded""#), "\(forced)")
      let history = try await payops(["jobs", "history", "purge_history", "--json"], connection)
      let rows = try JSONSerialization.jsonObject(with: Data(history.output.utf8))
      #expect((rows as? [[String: Any]])?.count == 2)

      let next = try await payops(["jobs", "next", "purge_history", "--count", "2"], connection)
      #expect(next.output.split(separator: "\n").count == 2, "\(next)")
      try await connection.execute(
        """
        UPDATE jobs SET calendar_name = 'TARGET', calendar_condition = 'business_days'
        WHERE job_name = 'purge_history'
        """)
      let days = try await payops(["jobs", "next", "purge_history", "--count", "9"], connection)
      let dates = days.output.split(separator: "\n").map { $0.prefix(10) }
      #expect(dates.count == 9, "\(days)")
      let business = try await connection.query(
        "SELECT COUNT(*) AS n FROM calendar_days WHERE calendar_name = 'TARGET'"
          + " AND is_business_day = 1 AND FIND_IN_SET(calendar_date, ?)",
        [.text(dates.joined(separator: ","))])
      #expect(business.rows.first?.integer("n") == 9, "\(days)")
      let set = ["jobs", "schedule", "purge_history"]
      let berlin = try await payops(set + ["0 4 * * *", "--zone", "Europe/Berlin"], connection)
      #expect(berlin.status == 0, "\(berlin)")
      for (schedule, zone) in [("0 25 * * *", "UTC"), ("0 4 * * *", "Mars/Olympus")] {
        let bad = try await payops(set + [schedule, "--zone", zone], connection)
        #expect(bad.status == 64 && bad.errors.contains("hint"), "\(bad)")
      }
      #expect(try await payops(["jobs", "run", "nix"], connection).status == 64)

      #expect(try await payops(["jobs", "disable", "purge_history"], connection).status == 0)
      #expect(try await payops(["jobs", "list"], connection).output.contains(" off "))
      #expect(try await payops(["jobs", "enable", "purge_history"], connection).status == 0)
      let check = try await payops(["jobs", "check"], connection)
      #expect(check.status == 1 && check.output.contains("no scheduler"), "\(check)")
    }
  }

  @Test("a job's program runs with its output recorded, is stopped at its time limit, and fenced")
  func programs() async throws {
    try await TestServer.withSchema { connection in
      try await Self.addJob(connection, "good", kind: "payops", command: "integrity")
      try await Self.addJob(connection, "bad", kind: "payops", command: "integrity --no-such-flag")
      try await Self.addJob(
        connection, "slow", kind: "payops", command: "reconcile", timeout: 2)
      try await Self.addJob(connection, "shell", kind: "payops", command: "server shell")
      // The daemon that the last test starts must have nothing to do.
      try await connection.execute("UPDATE jobs SET is_enabled = 0")
      let good = try await payops(["jobs", "run", "good", "--now"], connection)
      #expect(good.status <= 1, "\(good)")
      let bad = try await payops(["jobs", "run", "bad", "--now"], connection)
      #expect(bad.status == 1 && bad.output.contains("ended with status 64"), "\(bad)")
      let shell = try await payops(["jobs", "run", "shell", "--now"], connection)
      #expect(
        shell.status == 1 && shell.output.contains("a job may not run `payops server`"), "\(shell)")
      // It waits for the table.
      try await connection.execute("LOCK TABLES transactions WRITE")
      let slow = try await payops(["jobs", "run", "slow", "--now"], connection)
      try await connection.execute("UNLOCK TABLES")
      #expect(slow.status == 1 && slow.output.contains("took longer than 2 s"), "\(slow)")
      let rows = try await connection.query(
        "SELECT job_name, run_state, output_tail FROM job_runs WHERE job_name IN ('bad', 'slow')"
          + " ORDER BY job_name"
      ).rows
      try #require(rows.map { $0["run_state"] } == ["failed", "timed_out"])
      #expect(rows[0]["output_tail"]?.contains("no-such-flag") == true)

      // The fence applies to the transactions of the program.
      let fenced = try await ProgramRun.run(
        try ProgramRun.binary, ["refresh"] + (try await Self.words(connection)),
        environment: ["PAYOPS_JOB_FENCE": "good:77"])
      #expect(fenced.status != 0 && fenced.errors.contains("given up for dead"), "\(fenced)")
      let pruning = try await ProgramRun.run(
        try ProgramRun.binary, ["backup", "prune"] + (try await Self.words(connection)),
        environment: ["PAYOPS_JOB_FENCE": "good:77"])
      #expect(pruning.status != 0 && pruning.errors.contains("given up for dead"), "\(pruning)")
    }
  }

  @Test("the daemon reports to its service manager, starts jobs in time, and drains on SIGTERM")
  func service() async throws {
    try await TestServer.withSchema { connection in
      let listener = try NotifySocket()
      try await connection.execute("UPDATE jobs SET is_enabled = 0")
      try await connection.execute("CREATE TABLE counted (id INT AUTO_INCREMENT PRIMARY KEY)")
      try await connection.execute(
        "CREATE PROCEDURE count_up() BEGIN DO SLEEP(0.5); INSERT INTO counted VALUES (); END")
      try await Self.addJob(connection, "count_up", command: "CALL count_up()")
      let run = try await ProgramRun.run(
        try ProgramRun.binary, ["run", "--log", "json"] + (try await Self.words(connection)),
        environment: ["NOTIFY_SOCKET": listener.path, "WATCHDOG_USEC": "600000"],
        whileRunning: { pid in
          do {
            try await Self.wait(connection, for: "SELECT 1 FROM counted WHERE id = 2")
            let check = try await self.payops(["jobs", "check"], connection)
            #expect(check.status == 0, "\(check)")
            // The configuration is reloaded while a job runs, and the job continues.
            try await Self.wait(
              connection, for: "SELECT 1 FROM job_runs WHERE run_state = 'running'")
            kill(pid, SIGHUP)
            try await Self.wait(connection, for: "SELECT 1 FROM counted WHERE id = 5")
            try await Self.wait(
              connection, for: "SELECT 1 FROM job_runs WHERE run_state = 'running'")
          } catch { Issue.record(error) }
          kill(pid, SIGTERM)
        })
      #expect(run.status == 0, "\(run)")
      let messages = try await listener.received()
      #expect(messages.first { $0.contains("READY=1") } != nil, "\(messages)")
      #expect(messages.contains("WATCHDOG=1"))
      #expect(messages.last == "STOPPING=1")
      #expect(messages.contains { $0.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") })
      #expect(run.output.split(separator: "\n").count { $0.contains("connected") } == 2)
      for line in run.output.split(separator: "\n") {
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
      }
      // The runs in progress ended, and the lease is free.
      let open = try await connection.query(
        // Missed: on a busy machine a tick may come after two scheduled times.
        "SELECT 1 FROM job_runs WHERE run_state NOT IN ('succeeded', 'skipped', 'missed')")
      #expect(open.rows.isEmpty)
      let lease = try await connection.query("SELECT is_released AS r FROM scheduler_leases")
      #expect(lease.rows.first?.integer("r") == 1)
      let due = try await connection.query(
        "SELECT COUNT(*) AS n FROM counted"
          + " HAVING n <> (SELECT COUNT(*) FROM job_runs WHERE run_state = 'succeeded')")
      #expect(due.rows.isEmpty)
    }
  }

  @Test("after a kill -9 of the leader the next daemon takes over and abandons its runs")
  func failover() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("UPDATE jobs SET is_enabled = 0")
      try await connection.execute("CREATE TABLE counted (token BIGINT)")
      try await connection.execute(
        """
        CREATE PROCEDURE count_up()
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM job_runs WHERE run_state = 'abandoned') THEN
                DO SLEEP(100);
            END IF;
            START TRANSACTION;
            CALL check_job_fence();
            INSERT INTO counted VALUES (@payops_fencing_token);
            COMMIT;
        END
        """)
      try await Self.addJob(connection, "count_up", command: "CALL count_up()")
      let words = ["run", "--lease", "3"] + (try await Self.words(connection))
      let binary = try ProgramRun.binary
      _ = try await ProgramRun.run(
        binary, words,
        whileRunning: { pid in
          do {
            try await Self.wait(
              connection, for: "SELECT 1 FROM job_runs WHERE run_state = 'running'")
          } catch { Issue.record(error) }
          kill(pid, SIGKILL)
        })
      let next = try await ProgramRun.run(
        binary, words,
        whileRunning: { pid in
          do { try await Self.wait(connection, for: "SELECT 1 FROM counted") } catch {
            Issue.record(error)
          }
          kill(pid, SIGTERM)
        })
      #expect(next.status == 0 && next.output.contains("leading fencing_token=2"), "\(next)")
      let states = try await connection.query(
        "SELECT run_state AS s FROM job_runs ORDER BY scheduled_for"
      ).rows.compactMap { $0["s"] }
      #expect(states.first == "abandoned", "\(states)")
    }
  }

  @Test("the daemon survives a killed server, and continues when it is back")
  func lostServer() async throws {
    let server = try await TestServer.privateServer()
    var options = server.connectionOptions
    let administrator = try await Connection.open(options)
    try await administrator.execute("CREATE DATABASE jobs CHARACTER SET utf8mb4")
    await administrator.close()
    options.database = "jobs"
    let connection = try await Connection.open(options)
    let deployed = try await payops(["deploy"], connection)
    #expect(deployed.status == 0, "\(deployed)")
    try await connection.execute("UPDATE jobs SET is_enabled = job_name = 'refresh_kpis'")
    try await connection.execute("UPDATE jobs SET schedule = 'every 1s'")
    let words = ["run", "--lease", "3"] + (try await Self.words(connection))
    let reached = options
    let run = try await ProgramRun.run(
      try ProgramRun.binary, words, deadline: .seconds(120),
      whileRunning: { pid in
        do {
          try await Self.wait(connection, for: "SELECT 1 FROM job_runs")
          try await server.kill()
          try await Task.sleep(for: .seconds(2))
          try await server.restart()
          let again = try await Connection.open(reached)
          try await Self.wait(
            again,
            for: "SELECT 1 FROM job_runs, scheduler_leases"
              + " WHERE run_state = 'succeeded' AND started_at > acquired_at"
              + " AND started_at > UTC_TIMESTAMP() - INTERVAL (SELECT s.variable_value"
              + " FROM information_schema.global_status AS s WHERE s.variable_name = 'UPTIME')"
              + " SECOND")
          await again.close()
        } catch { Issue.record(error) }
        kill(pid, SIGTERM)
      })
    #expect(run.status == 0, "\(run)")
    #expect(run.output.contains("database_lost"), "\(run)")
    await connection.close()
    try await server.remove()
  }
}

/// A socket on which a service manager would listen.
final class NotifySocket: Sendable {
  let path: String
  private let descriptor: Int32
  private let messages = Mutex<[String]>([])

  init() throws {
    let name = "notify-\(UUID().uuidString.prefix(8))"
    path = FileManager.default.temporaryDirectory.appending(path: name).path
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let descriptor = descriptor
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0)
    // The queue of such a socket holds a few messages only.
    Thread.detachNewThread { [weak self] in
      // Only here: another test's socket may get the number as soon as it is free.
      defer { close(descriptor) }
      var buffer = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0, let self else { return }
        let text = String(decoding: buffer.prefix(count), as: UTF8.self)
        self.messages.withLock { $0.append(text) }
      }
    }
  }

  deinit {
    shutdown(descriptor, Int32(SHUT_RDWR))
    unlink(path)
  }

  /// The messages received, up to the one that ends a service.
  func received() async throws -> [String] {
    for _ in 0..<500 where messages.withLock({ $0.last }) != "STOPPING=1" {
      try await Task.sleep(for: .milliseconds(10))
    }
    return messages.withLock { $0 }
  }
}
