import Foundation
import MariaDBClient
import PayopsCore
import Synchronization
import TestSupport
import Testing

@testable import Scheduling

@Suite("Runs that are asked for", .timeLimit(.minutes(5)))
struct JobRequestTests {
  /// A runner that lets a shell note the words of each start in a file and end as the file
  /// `status` says.
  private struct Shell {
    let folder: URL

    func runner(_ connection: Connection) -> DatabaseJobRunner {
      let (noted, status) = (path("noted"), path("status"))
      return DatabaseJobRunner(options: connection.options, host: "here") { words in
        [
          "/bin/sh", "-c",
          #"echo "$*" >> "$0"; shift; exit "$(cat "\#(status)" 2>/dev/null || echo 0)""#, noted,
        ] + words
      }
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    var noted: [String] {
      let text = (try? String(contentsOfFile: path("noted"), encoding: .utf8)) ?? ""
      return text.split(separator: "\n").map(String.init)
    }
  }

  private func withScheduler(
    _ body: (Connection, Scheduler, Shell) async throws -> Void
  ) async throws {
    let folder = try TemporaryDirectory.make("requests")
    defer { TemporaryDirectory.remove(folder) }
    try await TestServer.withSchema { connection in
      try await connection.execute("UPDATE jobs SET is_enabled = (job_name = 'verify_backups')")
      try await connection.execute("UPDATE jobs SET retry_seconds = 0, maximum_attempts = 2")
      let shell = Shell(folder: folder)
      let scheduler = Scheduler(
        store: DatabaseJobStore(connection, host: "here"), runner: shell.runner(connection),
        holder: "here 1", leaseSeconds: 600)
      try await body(connection, scheduler, shell)
    }
  }

  private func ask(
    _ connection: Connection, _ value: String?, job: String = "verify_backups"
  ) async throws -> Row? {
    try await connection.query(
      "CALL request_job_run(?, ?)", [.text(job), value.map { .text($0) } ?? .null]
    ).rows.first
  }

  private func ticks(_ count: Int, _ scheduler: Scheduler) async throws {
    for _ in 0..<count {
      try await scheduler.tick()
      await scheduler.drain()
    }
  }

  @Test("each is started once, with its value, by whoever has the lease")
  func onceEach() async throws {
    try await withScheduler { connection, scheduler, shell in
      let early = try await ask(connection, nil)
      #expect(early?["has_scheduler"] == "0")
      try await ticks(2, scheduler)
      #expect(shell.noted == ["backup verify --all"])
      try await connection.execute("SET timestamp = UNIX_TIMESTAMP('2026-11-30 10:00:00')")
      let ids = [
        try await ask(connection, "b.1"), try await ask(connection, "b.1"),
        try await ask(connection, "b-2"), try await ask(connection, "b-2"),
      ].map { $0?["request_id"] ?? "" }
      #expect(ids[0] == ids[1] && ids[2] == ids[3] && ids[0] != ids[2])
      let times = try await connection.query(
        "SELECT TIME(requested_for) AS t FROM job_requests WHERE request_value IS NOT NULL"
          + " ORDER BY request_id"
      ).rows.compactMap { $0["t"] }
      #expect(times == ["10:00:00", "10:00:01"])
      try await connection.execute("SET timestamp = DEFAULT")
      try await connection.execute(
        "UPDATE job_requests SET requested_for = UTC_TIMESTAMP() - INTERVAL 40 - request_id SECOND"
          + " WHERE request_value IS NOT NULL")
      let seen = try await ask(connection, "b3")
      #expect(seen?["has_scheduler"] == "1")
      try await ticks(5, scheduler)
      #expect(
        shell.noted.dropFirst().sorted()
          == ["backup verify b-2", "backup verify b.1", "backup verify b3"])
      let runs = try await connection.query(
        "SELECT COUNT(*) AS n FROM job_requests AS q INNER JOIN job_runs AS r"
          + " ON r.job_name = q.job_name AND r.scheduled_for = q.requested_for"
          + " WHERE r.run_state = 'succeeded'"
      ).rows.first?.integer("n")
      #expect(runs == 4)
    }
  }

  @Test("one that failed is tried again with its value; one that is a day old has lapsed")
  func triedAgain() async throws {
    try await withScheduler { connection, scheduler, shell in
      try await ticks(1, scheduler)
      try "1".write(toFile: shell.path("status"), atomically: true, encoding: .utf8)
      _ = try await ask(connection, "b1")
      try await ticks(4, scheduler)
      #expect(shell.noted == ["backup verify b1", "backup verify b1"])
      _ = try await ask(connection, "b2")
      try await connection.execute(
        "UPDATE job_requests SET requested_for = requested_for - INTERVAL 1441 MINUTE"
          + " WHERE request_value = 'b2'")
      try await ticks(3, scheduler)
      #expect(shell.noted.count == 2)
    }
  }

  @Test("what cannot be asked is refused, and nothing is kept")
  func refusals() async throws {
    try await withScheduler { connection, _, _ in
      let wrong: [(job: String, value: String?, error: UInt32)] = [
        ("nothing", nil, 30601), ("verify_backups", "--all", 30002), ("verify_backups", "", 30002),
        ("verify_backups", "a b", 30002), ("verify_backups", "a;b", 30002),
        ("verify_backups", "../a", 30002), ("create_backup", "x", 30002),
        ("create_backup", nil, 30607),
      ]
      for (job, value, error) in wrong {
        let found = await JobTests.errno { _ = try await ask(connection, value, job: job) }
        #expect(found == error, "\(job) \(value ?? "NULL")")
      }
      try await connection.execute("START TRANSACTION")
      let open = await JobTests.errno { _ = try await ask(connection, nil) }
      try await connection.execute("ROLLBACK")
      #expect(open == 30001)
      #expect(try await JobTests.count(connection, "SELECT COUNT(*) AS n FROM job_requests") == 0)
    }
  }
}
