package import MariaDBClient

/// The daemon's check of the database's watchdog, which in turn checks the daemon: each raises an
/// alert when the other is silent.
package struct EventWatch {
  private var nextCheck = ContinuousClock.now
  private var nextHead = ContinuousClock.now

  /// Checks once a minute.
  ///
  /// - Parameters:
  ///   - connection: connection with the schema selected
  ///   - log: the log for findings
  package mutating func look(_ connection: Connection, _ log: ServiceLog) async throws {
    guard ContinuousClock.now >= nextCheck else { return }
    nextCheck = .now + .seconds(60)
    let row = try await connection.query(
      """
      SELECT
          @@GLOBAL.event_scheduler AS state,
          (SELECT MAX(w.ticked_at) FROM watchdog_ticks AS w WHERE w.watchdog_name = 'event')
              AS ticked_at,
          -- A server that has just started, and a schema just deployed, had no time to run it.
          COALESCE((
              SELECT MAX(w.ticked_at) >= UTC_TIMESTAMP() - INTERVAL 180 SECOND
              FROM watchdog_ticks AS w
              WHERE w.watchdog_name = 'event'
          ), 0) OR COALESCE((
              SELECT MAX(o.deployed_at) >= UTC_TIMESTAMP() - INTERVAL 180 SECOND
              FROM deployed_objects AS o
              WHERE o.object_kind = 'event'
          ), 0) OR (
              SELECT s.variable_value < 180
              FROM information_schema.global_status AS s
              WHERE s.variable_name = 'UPTIME'
          ) AS is_alive
      """
    ).rows.first
    let isOn = row?["state"]?.uppercased() == "ON"
    if isOn, row?.integer("is_alive") == 1 {
      try await connection.execute("CALL resolve_alert('event_scheduler_silent', 'watch_jobs')")
    } else {
      let message =
        isOn
        ? "the event watch_jobs last ran at \(row?["ticked_at"] ?? "no time")"
        : "event_scheduler is \(row?["state"] ?? "unknown"): SET GLOBAL event_scheduler = ON"
      log.write(.warning, "event_scheduler_silent", ["message": message])
      try await connection.execute(
        "CALL raise_alert('event_scheduler_silent', 'watch_jobs', 'WARNING', ?)", [.text(message)])
    }
    try await connection.execute("CALL check_jobs(NULL)")
    try await keepHead(connection, log)
  }

  /// Logs the end of the audit log once an hour, so that a rewritten audit log is detected.
  private mutating func keepHead(_ connection: Connection, _ log: ServiceLog) async throws {
    guard ContinuousClock.now >= nextHead else { return }
    nextHead = .now + .seconds(3600)
    let row = try await connection.query("SELECT audit_id, entry_hash FROM audit_head").rows.first
    if let id = row?["audit_id"], let hash = row?["entry_hash"] {
      log.write(.info, "audit_head", ["head": "\(id):\(hash)"])
    }
  }
}
