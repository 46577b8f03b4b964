package import MariaDBClient
package import PayopsCore

extension HealthSummary {
  /// Sets the moment of every figure that the connection reads.
  package static func look(at moment: CivilInstant, on connection: Connection) async throws {
    try await connection.execute("SET @payops_as_of = ?", [.text(moment.description)])
  }

  /// Why today has no payments, when there are none.
  ///
  /// - Parameter connection: the connection from which the summary was read
  /// - Returns: a sentence; nil when there are payments today
  package func emptiness(on connection: Connection) async throws -> String? {
    guard headlines.first(where: { $0.name == "total_count" })?.value ?? 0 == 0 else { return nil }
    let last = try await connection.query(
      "SELECT last_event_at FROM ops_freshness WHERE table_name = 'transactions'"
    ).rows.first?["last_event_at"]
    guard let last else { return "there are no payments yet" }
    return "no payments on \(asOf.prefix(10)) so far: the last one is of \(last.prefix(16)) UTC"
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
