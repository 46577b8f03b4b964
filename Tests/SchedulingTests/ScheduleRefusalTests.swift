import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@testable import Scheduling

@Suite("Schedules that the database accepts", .timeLimit(.minutes(5)))
struct ScheduleRefusalTests {
  private static let pieces = [
    "*", "?", "0", "1", "5", "7", "8", "12", "13", "23", "24", "31", "32", "59", "60", "007", "-",
    "/", ",", " ", "  ", "L", "l", "MON", "jan", "SUN-TUE", "FOO", "*/15", "1-5", "5-1", "0-59/7",
    "2/0", "every", "every 5m", "10s", "366d", "367d", "@daily", "@DAILY", "@never", "a", "1,2",
  ]

  /// Expressions of five or six fields, and variants with a part inserted or removed.
  private static func texts() -> [String] {
    var random = SeededRandom(seed: 20_261_129, stream: "schedules", number: 0)
    func piece() -> String { pieces[random.below(pieces.count)] }
    return (0..<1500).map { number in
      var words = (0..<5 + number % 2).map { _ in random.below(3) > 0 ? "*" : piece() }
      if random.below(4) == 0 { words[random.below(words.count)] += piece() }
      if random.below(8) == 0 { words.remove(at: random.below(words.count)) }
      return random.below(12) == 0 ? piece() + piece() : words.joined(separator: " ")
    }
  }

  @Test("the database accepts exactly the schedules that the scheduler can read")
  func agreement() async throws {
    try await TestServer.withSchema { connection in
      var accepted = 0
      for text in Self.texts() {
        let isRead = (try? Schedule(text)) != nil
        let refusal = try await connection.query(
          "SELECT schedule_refusal(?) AS r", [.text(text)]
        ).rows.first?["r"]
        #expect((refusal == nil) == isRead, "'\(text)': \(refusal ?? "accepted")")
        if isRead { accepted += 1 }
      }
      #expect(accepted > 200 && accepted < 1300, "\(accepted)")
    }
  }

  private func errno(_ sql: String, _ connection: Connection) async -> UInt32? {
    do {
      try await connection.execute(sql)
      return nil
    } catch let error as DatabaseError {
      return error.errno
    } catch {
      return 0
    }
  }

  @Test("a schedule is set with its time zone, and times due by the former one are dropped")
  func set() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute(
        """
        INSERT INTO job_dues (job_name, next_due_at, noted_at)
        VALUES ('purge_history', '2020-01-01', '2020-01-01'), ('check_rollups', '2020-01-01', '2020-01-01')
        """)
      try await connection.execute(
        "CALL set_job_schedule('purge_history', '30 2 * * MON-FRI', 'Europe/Berlin')")
      let job = try await connection.query(
        "SELECT schedule, time_zone FROM jobs WHERE job_name = 'purge_history'")
      #expect(job.rows.first?.values == ["30 2 * * MON-FRI", "Europe/Berlin"])
      let dues = try await connection.query("SELECT GROUP_CONCAT(job_name) AS j FROM job_dues")
      #expect(dues.rows.first?["j"] == "check_rollups")
      let store = DatabaseJobStore(connection, host: "here")
      let state = try #require(try await store.job("purge_history"))
      let decided = try #require(state.decidedUntil)
      #expect(try await store.now().secondsSinceEpoch - decided.secondsSinceEpoch < 60)
      try await connection.execute("CALL set_job_schedule('purge_history', 'every 5m', NULL)")
      for (call, number) in [
        ("'purge_history', '61 * * * *', NULL", 30002), ("'purge_history', NULL, NULL", 30002),
        ("'purge_history', '@daily', '; DROP'", 30002), ("'nix', '@daily', NULL", 30601),
        ("NULL, '@daily', NULL", 30601),
      ] as [(String, UInt32)] {
        #expect(await errno("CALL set_job_schedule(\(call))", connection) == number, "\(call)")
      }
      let unchanged = try await connection.query(
        "SELECT schedule, time_zone FROM jobs WHERE job_name = 'purge_history'")
      #expect(unchanged.rows.first?.values == ["every 5m", "UTC"])
    }
  }
}
