package import MariaDBClient
package import PayopsCore

extension HealthSummary {
  /// Sets the moment of every figure that the connection reads.
  package static func look(at moment: CivilInstant, on connection: Connection) async throws {
    try await connection.execute("SET @payops_as_of = ?", [.text(moment.description)])
  }

  /// Sets that moment to the end of the history, when that is more than an hour ago.
  package static func lookAtEndOfHistory(on connection: Connection) async throws {
    try await connection.execute(
      """
      SET @payops_as_of = (
        SELECT IF(last_event_at < UTC_TIMESTAMP() - INTERVAL 1 HOUR,
          last_event_at + INTERVAL 1 MINUTE, NULL)
        FROM rollup_state WHERE state_id = 1)
      """)
  }
}
