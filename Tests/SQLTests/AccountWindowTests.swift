import MariaDBClient
import PayopsCore
import TestSupport
import Testing

@Suite("The thirty days of an account", .timeLimit(.minutes(5)))
struct AccountWindowTests {
  private static let columns = """
    total_count, completed_count, failed_count, denied_count, open_count, total_amount,
    completed_amount, open_amount, completed_amount_squares
    """

  private func window(_ connection: Connection) async throws -> [String] {
    try await connection.query(
      "SELECT account_id, \(Self.columns) FROM account_window ORDER BY account_id"
    ).rows.map { $0.values.map { $0 ?? "NULL" }.joined(separator: " ") }
  }

  @Test(
    "the thirty-day sums, moved by any number of days, equal a new summation",
    arguments: [1, 2, 10, 29, 30, 31, 45, -1, -20])
  func moves(days: Int) async throws {
    try await TestServer.withSchema { connection in
      // Days of which no two have the same sums; each account rests on some of them.
      try await connection.execute(
        """
        INSERT INTO account_day (account_id, activity_date, \(Self.columns))
        SELECT a.seq, '2026-08-01' + INTERVAL d.seq DAY, 5 * d.seq + a.seq, d.seq, a.seq, 2 * d.seq,
            2 * d.seq, 100 * d.seq + a.seq, 10 * d.seq + a.seq, d.seq / 4, d.seq * d.seq
        FROM \(numbers(1...9)) AS a
        INNER JOIN \(numbers(0...150)) AS d ON (a.seq * 7 + d.seq) % (a.seq + 1) < 2 OR d.seq BETWEEN 40 AND 80
        """)
      // An account all of whose days leave the window.
      try await connection.execute(
        "INSERT INTO account_day (account_id, activity_date, total_count) VALUES (99, '2026-09-20', 3)"
      )
      try await connection.execute("CALL rebuild_account_window('2026-10-10')")
      try await connection.execute("UPDATE rollup_state SET window_end_date = '2026-10-10'")
      #expect(try await window(connection).count == 10)
      try await connection.execute(
        "CALL advance_account_window('2026-10-10' + INTERVAL \(days) DAY)")
      let moved = try await window(connection)
      try await connection.execute(
        "CALL rebuild_account_window('2026-10-10' + INTERVAL \(days) DAY)")
      let summed = try await window(connection)
      #expect(moved == summed)
      #expect(moved.count == (days < 10 ? 10 : 9))
      let end = try await connection.query(
        "SELECT DATEDIFF(window_end_date, '2026-10-10') AS n FROM rollup_state"
      ).rows.first?.integer("n")
      #expect(end == Int64(days))
    }
  }
}
