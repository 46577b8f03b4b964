package import MariaDBClient
package import PayopsCore
internal import Processes

/// Jobs in the tables of the database.
package struct DatabaseJobStore: JobStore {
  let connection: Connection
  private let host: String

  /// - Parameters:
  ///   - connection: connection with the schema selected; used for short statements only.
  ///   - host: name of this host, as recorded in runs.
  package init(_ connection: Connection, host: String) {
    self.connection = connection
    self.host = host
  }

  package func now() async throws -> CivilInstant {
    try await instant("SELECT UTC_TIMESTAMP() AS time")
  }

  private func instant(_ sql: String) async throws -> CivilInstant {
    let text = try await connection.query(sql).rows.first?["time"] ?? ""
    guard let instant = CivilInstant(text) else {
      throw ScheduleError("the server returns '\(text)' as the time")
    }
    return instant
  }

  package func takeLease(holder: String, seconds: Int) async throws -> Int64? {
    try await connection.query(
      "CALL take_scheduler_lease(?, ?)", [.text(holder), .integer(Int64(seconds))]
    ).rows.first?.integer("fencing_token")
  }

  /// The jobs; one whose schedule cannot be read is left out and raises the alert `job_failed`.
  package func jobs() async throws -> [JobState] {
    let rows = try await connection.query(Self.jobsQuery + " WHERE j.is_enabled = 1").rows
    let requests = try await requests()
    var states: [JobState] = []
    for row in rows {
      do {
        var state = try Self.state(row)
        state.requests = requests[state.job.name] ?? []
        states.append(state)
      } catch let error as ScheduleError {
        try await connection.execute(
          "CALL raise_alert('job_failed', ?, 'CRITICAL', ?)",
          [.text(row["job_name"] ?? ""), .text(error.description)])
      }
    }
    return states
  }

  /// One job, enabled or not.
  ///
  /// - Parameter name: its name.
  /// - Returns: nil if no job has it.
  package func job(_ name: String) async throws -> JobState? {
    try await connection.query(Self.jobsQuery + " WHERE j.job_name = ?", [.text(name)])
      .rows.first.map(Self.state)
  }

  /// Runs that were asked for within the last day, by job. An older one that nobody could start has
  /// lapsed: who asked has long looked elsewhere.
  private func requests() async throws -> [String: [JobRequest]] {
    let rows = try await connection.query(
      """
      SELECT q.job_name, q.requested_for, q.request_value, j.request_text, r.run_id
      FROM job_requests AS q
      INNER JOIN jobs AS j ON j.job_name = q.job_name
      LEFT JOIN job_runs AS r
          ON r.job_name = q.job_name AND r.scheduled_for = q.requested_for
      WHERE q.requested_for > UTC_TIMESTAMP() - INTERVAL 1 DAY
      ORDER BY q.requested_for
      """
    ).rows
    return rows.reduce(into: [:]) { requests, row in
      guard let time = row["requested_for"].flatMap({ CivilInstant($0) }) else { return }
      let words = row["request_value"].flatMap { value in
        row["request_text"].map { text in
          text.split(separator: " ").map { $0 == "{value}" ? value : String($0) }
        }
      }
      requests[row["job_name"] ?? "", default: []].append(
        JobRequest(time: time, words: words, isOpen: row["run_id"] == nil))
    }
  }

  private static let jobsQuery = """
    SELECT j.job_name, j.command_kind, j.command_text, j.schedule, j.time_zone, j.calendar_name,
        j.calendar_condition, j.catch_up, j.catch_up_maximum, j.overlap, j.grace_seconds,
        j.timeout_seconds, s.decided_until,
        (
            SELECT MIN(r.scheduled_for)
            FROM job_runs AS r
            WHERE r.job_name = j.job_name
                AND r.run_state IN ('failed', 'timed_out', 'abandoned')
                AND r.attempt_count < j.maximum_attempts
                AND (j.catch_up = 'all' OR r.scheduled_for = s.decided_until)
                AND (r.run_state = 'abandoned' OR UTC_TIMESTAMP(3) >= r.ended_at
                    + INTERVAL j.retry_seconds * POW(2, r.attempt_count - 1) SECOND)
        ) AS retry_for
    FROM jobs AS j
    LEFT JOIN job_states AS s ON s.job_name = j.job_name
    """

  private static func state(_ row: Row) throws -> JobState {
    let text = row["command_text"] ?? ""
    let job = Job(
      name: row["job_name"] ?? "",
      command: row["command_kind"] == "sql"
        ? .sql : .payops(text.split(separator: " ").map(String.init)),
      schedule: try Schedule(row["schedule"] ?? "", timeZone: row["time_zone"] ?? ""),
      calendar: row["calendar_name"],
      condition: row["calendar_condition"].flatMap(Job.CalendarCondition.init) ?? .any,
      catchUp: row["catch_up"].flatMap(Job.CatchUp.init) ?? .once,
      catchUpMaximum: Int(row.integer("catch_up_maximum") ?? 1), queues: row["overlap"] == "queue",
      graceSeconds: Int(row.integer("grace_seconds") ?? 0),
      timeoutSeconds: Int(row.integer("timeout_seconds") ?? 0))
    return JobState(
      job: job, decidedUntil: row["decided_until"].flatMap { CivilInstant($0) },
      retries: row["retry_for"].flatMap { CivilInstant($0) }.map { [$0] } ?? [])
  }

  package func businessDays(of calendar: String, from: CivilDate, to: CivilDate) async throws
    -> Set<CivilDate>
  {
    let rows = try await connection.query(
      "SELECT calendar_date FROM calendar_days WHERE calendar_name = ? AND is_business_day = 1"
        + " AND calendar_date BETWEEN ? AND ?",
      [.text(calendar), .text(from.description), .text(to.description)]
    ).rows
    return Set(rows.compactMap { $0["calendar_date"].flatMap { CivilDate($0) } })
  }

  package func begin(_ job: String, at time: CivilInstant, lease: Int64) async throws {
    try await connection.execute(
      """
      INSERT INTO job_states (job_name, decided_until)
      SELECT ?, ? FROM scheduler_leases WHERE lease_name = 'scheduler' AND fencing_token = ?
      ON DUPLICATE KEY UPDATE decided_until = VALUES(decided_until)
      """, [.text(job), .text(time.description), .integer(lease)])
  }

  package func noteMissed(_ job: String, last: CivilInstant, count: Int, lease: Int64) async throws
    -> Bool
  {
    try await connection.query(
      "CALL note_missed_runs(?, ?, ?, ?)",
      [.text(job), .text(last.description), .integer(Int64(count)), .integer(lease)]
    ).rows.first?.integer("is_noted") == 1
  }

  package func noteDue(_ times: [String: CivilInstant]) async throws {
    guard !times.isEmpty else { return }
    try await connection.execute(
      "INSERT INTO job_dues (job_name, next_due_at, noted_at) VALUES "
        + times.map { _ in "(?, ?, UTC_TIMESTAMP(3))" }.joined(separator: ", ")
        + " ON DUPLICATE KEY UPDATE next_due_at = VALUES(next_due_at), noted_at = VALUES(noted_at)",
      times.sorted { $0.key < $1.key }.flatMap { [.text($0.key), .text($0.value.description)] })
  }

  package func abandonDead() async throws {
    let rows = try await connection.query(
      """
      SELECT r.run_id, r.host_name, r.process_name,
          CASE
              WHEN r.alive_until IS NOT NULL THEN r.alive_until <= UTC_TIMESTAMP(3)
              ELSE IS_USED_LOCK(SHA2(CONCAT(DATABASE(), '.job.', r.job_name), 256)) IS NULL
          END AS is_silent
      FROM job_runs AS r
      WHERE r.run_state = 'running'
      """
    ).rows
    for row in rows {
      let isGone = row["host_name"] == host && ProcessName.isGone(row["process_name"] ?? "")
      guard isGone || row.integer("is_silent") == 1, let run = row.integer("run_id") else {
        continue
      }
      try await connection.execute(
        "CALL abandon_job_run(?, ?)",
        [.integer(run), .text(isGone ? "its process is gone" : "gave no sign of life any more")])
    }
  }
}
