import MariaDBClient
import TestSupport
import Testing

@Suite("Past of what is open", .timeLimit(.minutes(5)))
struct BacklogHistoryTests {
  private func rows(_ sql: String, _ connection: Connection) async throws -> [String] {
    try await connection.query(sql).rows.map { row in
      row.values.map { $0 ?? "NULL" }.joined(separator: "|")
    }
  }

  @Test("an hour is sampled once, as the views say then")
  func once() async throws {
    try await TestServer.withSchema { connection in
      try await ViewSample.load(on: connection)
      #expect(try await rows("CALL sample_backlog()", connection) == ["10"])
      #expect(
        try await rows(
          """
          SELECT stock, sample_hour, member, open_count, open_amount, over_age_count,
              over_age_ratio, oldest_at, oldest_age_seconds, sampled_at
          FROM backlog_history_hour WHERE open_count > 0 ORDER BY stock, member
          """, connection) == [
            "payment|2026-11-18 12:00:00|authorized|1|80.0000|1|1.000000|2026-11-10 11:30:20|694800"
              + "|2026-11-18 12:30:20",
            "payment|2026-11-18 12:00:00|created|1|90.0000|1|1.000000|2026-10-01 11:30:20|4150800"
              + "|2026-11-18 12:30:20",
            "payment|2026-11-18 12:00:00|pending|2|140.0000|0|0.000000|2026-11-18 11:30:20|3600"
              + "|2026-11-18 12:30:20",
            "settlement|2026-11-18 12:00:00|SEPA_CT|1|200000.0000|0|0.000000|NULL|NULL"
              + "|2026-11-18 12:30:20",
            "settlement|2026-11-18 12:00:00|SEPA_INST|1|50.0000|1|1.000000|NULL|NULL"
              + "|2026-11-18 12:30:20",
            "settlement|2026-11-18 12:00:00|WIRE|1|30.0000|1|1.000000|NULL|NULL|2026-11-18 12:30:20",
          ])
      try await connection.execute(
        "UPDATE transactions SET status = 'completed' WHERE status = 'pending'")
      _ = try await connection.query("CALL refresh_rollups(1000)")
      #expect(try await rows("CALL sample_backlog()", connection) == ["0"])
      try await connection.execute("SET @payops_as_of = '2026-11-18 13:00:00'")
      #expect(try await rows("CALL sample_backlog()", connection) == ["10"])
      #expect(
        try await rows(
          "SELECT HOUR(sample_hour), open_count FROM backlog_history_hour WHERE member = 'pending'"
            + " ORDER BY sample_hour", connection) == ["12|2", "13|0"])
      // An amount that stands in the rollups at the time of the sample.
      #expect(
        try await rows(
          "SELECT b.state FROM backlog_by_state AS b LEFT JOIN backlog_history_hour AS h"
            + " ON h.member = b.state AND h.sample_hour = '2026-11-18 13:00:00'"
            + " WHERE NOT (h.open_count <=> b.open_count AND h.open_amount <=> b.open_amount)",
          connection
        ).isEmpty)
    }
  }

  @Test("nothing open is a sample of zero, and a session cannot sample the future")
  func emptyAndAhead() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("SET @payops_as_of = '2999-01-01'")
      #expect(try await rows("CALL sample_backlog()", connection) == ["10"])
      #expect(
        try await rows(
          "SELECT SUM(open_count), SUM(open_amount), MAX(sample_hour) <= UTC_TIMESTAMP(),"
            + " COUNT(over_age_ratio) FROM backlog_history_hour", connection)
          == ["0|0.0000|1|0"])
      try await connection.execute("START TRANSACTION")
      let error = await #expect(throws: DatabaseError.self) {
        _ = try await connection.query("CALL sample_backlog()")
      }
      #expect(error?.errno == 30001)
      try await connection.execute("ROLLBACK")
    }
  }

  @Test("samples are kept as long as the setting says")
  func retention() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute(
        """
        INSERT INTO backlog_samples (stock, sample_hour, member, open_count, open_amount,
            over_age_count, over_age_amount, sampled_at)
        SELECT 'payment', UTC_TIMESTAMP() - INTERVAL 24 * seq + 1 HOUR, 'pending', 1, 1, 0, 0, UTC_TIMESTAMP()
        FROM \(numbers(728...732)) AS n
        """)
      _ = try await connection.query("CALL purge_history()")
      #expect(try await rows("SELECT COUNT(*) FROM backlog_samples", connection) == ["2"])
      try await connection.execute(
        "UPDATE settings SET setting_value = '7' WHERE setting_name = 'history_days_backlog'")
      _ = try await connection.query("CALL purge_history()")
      #expect(try await rows("SELECT COUNT(*) FROM backlog_samples", connection) == ["0"])
    }
  }
}
