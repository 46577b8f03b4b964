import MariaDBClient
import TestSupport
import Testing

/// The server lists the conditions of a statement in the order in which they occurred: notes about
/// earlier rows first, the error last.
@Suite("Error of a failed statement", .timeLimit(.minutes(5)))
struct ErrorConditionTests {
  @Test("a failed job stores the error, not a note about an earlier row")
  func keepsTheError() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("CREATE TABLE thirds (id INT PRIMARY KEY, share DECIMAL(4,2))")
      try await connection.execute(
        """
        CREATE PROCEDURE fill_thirds()
        INSERT INTO thirds SELECT seq % 3, 1 / 3 FROM \(numbers(1...9)) AS n
        """)
      try await connection.execute(
        """
        INSERT INTO jobs (job_name, description, command_kind, command_text, schedule)
        VALUES ('fill_thirds', 'test', 'sql', 'CALL fill_thirds()', 'every 1m')
        """)
      let results = try await connection.queryAll(
        "CALL run_job('fill_thirds', '2026-11-06', NULL, NULL, NULL)")
      let outcome = results.last { !$0.columns.isEmpty }?.rows.first
      #expect(outcome?["outcome"] == "failed")
      #expect(outcome?.integer("error_number") == 1062)
      let kept = try await connection.query(
        "SELECT error_number, error_message FROM job_runs WHERE job_name = 'fill_thirds'"
      ).rows.first
      #expect(kept?.integer("error_number") == 1062)
      #expect(kept?["error_message"]?.hasPrefix("Duplicate entry '1'") == true)
    }
  }

  @Test("an error without details is logged all the same")
  func logsTheUnknown() async throws {
    try await TestServer.withSchema { connection in
      try await connection.execute("CALL log_routine_error('post_payment', NULL, NULL, NULL)")
      let row = try await connection.query(
        "SELECT error_number, sql_state, error_message FROM routine_errors"
      ).rows.first
      #expect(row?.values == ["0", "HY000", ""])
    }
  }
}
