import Foundation
import MariaDBClient
import Synchronization
import TestSupport
import Testing

@Suite("payops import", .timeLimit(.minutes(10)))
struct ImportCommandTests {
  /// The peak memory of a process, bytes; nil when it has ended. Private memory only: shared
  /// memory, such as the program text, varies with the free memory of the machine.
  private static func ownMemory(_ pid: Int32) -> Int? {
    guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("RssAnon:") }),
      let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { return nil }
    return kilobytes * 1024
  }

  @Test("the same command completes a killed import, in bounded memory")
  func killed() async throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "payops-import-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let written = try await ProgramRun.payops(
      [
        "generate", "--export", folder.path, "--end=2026-01-01", "--quiet", "--transactions=60k",
        "--days=3", "--customers=200", "--seed=7",
      ], deadline: .seconds(120))
    #expect(written.status == 0, "\(written.errors)")
    let file = folder.appending(path: "payments.csv").path

    try await TestServer.withSchema { connection in
      let rows = try await connection.query("SELECT DATABASE() AS name").rows
      let database = try #require(rows.first?["name"])
      let socket = try #require(connection.options.socket)
      // The export names accounts that the generator would have created.
      try await connection.execute(
        "INSERT INTO customers (customer_id, name, country, account_open_date)"
          + " SELECT seq, CONCAT('customer ', seq), 'DE', '2020-01-01' FROM seq_1_to_250")
      try await connection.execute(
        "INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)"
          + " SELECT seq, seq, 'personal', 'EUR', '2020-01-01' FROM seq_1_to_250")
      let arguments = [
        "import", file, "--mapping", "payops", "--socket", socket, "--database", database,
      ]
      // Killed after the first batch is committed and while a later one waits, so that some records
      // exist and some are missing.
      let holder = try await Connection.open(connection.options)
      _ = try await holder.query("SELECT GET_LOCK(CONCAT(DATABASE(), '.hold'), 0)")
      try await connection.execute(
        """
        CREATE TRIGGER hold_import BEFORE INSERT ON transactions FOR EACH ROW
        IF (@test_row := COALESCE(@test_row, 0) + 1) = 20000 THEN
            DO GET_LOCK(CONCAT(DATABASE(), '.hold'), 600);
        END IF
        """)
      let killed = try await ProgramRun.run(
        try ProgramRun.binary, arguments, deadline: .seconds(180),
        whileRunning: { pid in
          while let found = try? await connection.query("SELECT 1 FROM transactions LIMIT 1") {
            if !found.rows.isEmpty { break }
            try? await Task.sleep(for: .milliseconds(2))
          }
          kill(pid, SIGKILL)
        })
      #expect(killed.status == 128 + SIGKILL)
      await holder.close()
      // A commit in progress may still take effect.
      let others =
        "SELECT 1 FROM information_schema.processlist"
        + " WHERE db = DATABASE() AND id <> CONNECTION_ID()"
      while try await !connection.query(others).rows.isEmpty {
        try await Task.sleep(for: .milliseconds(5))
      }
      let loaded =
        try await connection.query("SELECT COUNT(*) AS n FROM transactions").rows.first?
        .integer("n") ?? 0
      #expect(loaded > 0 && loaded < 60_000)
      try await connection.execute("DROP TRIGGER hold_import")

      let peak = Mutex(0)
      let completed = try await ProgramRun.run(
        try ProgramRun.binary, arguments + ["--json"], deadline: .seconds(300),
        whileRunning: { pid in
          while let bytes = Self.ownMemory(pid) {
            peak.withLock { $0 = max($0, bytes) }
            try? await Task.sleep(for: .milliseconds(5))
          }
        })
      #expect(completed.status == 0, "\(completed.errors)")
      #expect((1 << 20...40 << 20).contains(peak.withLock { $0 }), "\(peak.withLock { $0 }) bytes")
      let counts = try await connection.query(
        """
        SELECT
            (SELECT COUNT(*) FROM transactions) AS payments,
            (SELECT COUNT(*) FROM import_runs WHERE state = 'interrupted') AS interrupted,
            r.read_count, r.loaded_count, r.duplicate_count
        FROM import_runs AS r WHERE r.state = 'completed'
        """
      ).rows
      #expect(counts.count == 1)
      #expect(counts.first?.integer("payments") == 60_000)
      #expect(counts.first?.integer("interrupted") == 1)
      #expect(counts.first?.integer("read_count") == 60_000)
      #expect(counts.first?.integer("duplicate_count") == loaded)
      #expect(counts.first?.integer("loaded_count") == 60_000 - loaded)
      let again = try await ProgramRun.run(
        try ProgramRun.binary, arguments + ["--json"], deadline: .seconds(300))
      #expect(again.status == 0, "\(again.errors)")
      let last = try await connection.query(
        "SELECT duplicate_count FROM import_runs ORDER BY import_id DESC LIMIT 1"
      ).rows.first
      #expect(last?.integer("duplicate_count") == 60_000)
    }
  }
}
