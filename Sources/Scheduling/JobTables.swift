package import MariaDBClient
package import Tabular

/// Tables of jobs and their runs, from `ops_jobs` and `ops_job_runs`.
package enum JobTables {
  /// The jobs by name.
  ///
  /// - Parameters:
  ///   - isWide: whether with every column of the view, for programs
  ///   - connection: connection with the schema selected
  package static func jobs(isWide: Bool, on connection: Connection) async throws -> DataTable {
    let columns =
      isWide
      ? "*"
      : "job_name, schedule, CASE WHEN is_enabled = 0 THEN 'off' WHEN is_running = 1 THEN 'running'"
        + " WHEN is_failing = 1 THEN 'FAILING' WHEN is_late = 1 THEN 'LATE'"
        + " ELSE COALESCE(last_state, 'new') END AS state,"
        + " last_scheduled_for AS last_utc, next_due_at AS next_utc"
    return DataTable(
      try await connection.query("SELECT \(columns) FROM ops_jobs ORDER BY job_name")
    ).roles(["schedule": .minor, "state": .key, "last_utc": .minor])
  }

  /// Runs, the latest first.
  ///
  /// - Parameters:
  ///   - job: only runs of this job; nil for all
  ///   - limit: most rows
  ///   - isWide: whether with every column of the view, for programs
  ///   - connection: connection with the schema selected
  package static func runs(
    of job: String?, limit: Int, isWide: Bool, on connection: Connection
  ) async throws -> DataTable {
    let columns =
      isWide
      ? "*"
      : "job_name, scheduled_for, run_state, attempt_count AS attempt,"
        + " ROUND(run_seconds, 1) AS seconds, row_count AS rows_done"
    return DataTable(
      try await connection.query(
        "SELECT \(columns) FROM ops_job_runs WHERE job_name = COALESCE(?, job_name)"
          + " ORDER BY scheduled_for DESC, run_id DESC LIMIT ?",
        [job.map { .text($0) } ?? .null, .integer(Int64(limit))])
    ).roles(["attempt": .minor, "run_state": .key])
  }
}
