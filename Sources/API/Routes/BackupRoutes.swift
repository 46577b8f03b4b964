internal import HTTP
internal import MariaDBClient
internal import PayopsCore
internal import Tabular

/// Backups that somebody asks for. The server may not read every table, nor write files: the
/// scheduler makes and proves them, with its own account. A restore is for the command line alone.
enum BackupRoutes {
  static let all: [Route] = [
    Route(
      method: "POST", path: "/api/v1/backups", scope: .operate, subject: "Operations",
      summary: "Asks the scheduler for a backup", success: 202
    ) { request in
      try await request.askForRun(of: "create_backup", value: nil)
    },
    Route(
      method: "POST", path: "/api/v1/backups/{backup_id}/verify", scope: .operate,
      subject: "Operations",
      summary: "Asks the scheduler to prove a backup by restoring it into a scratch schema",
      parameters: [
        Route.Parameter(
          name: "backup_id", place: .path, isRequired: true, meaning: "the backup")
      ], success: 202
    ) { request in
      let backup = request.path["backup_id"] ?? ""
      let found = try await request.service.pools.use(request.scope, .page) { connection in
        try await connection.query(
          "SELECT 1 FROM ops_backups WHERE backup_id = CONVERT(? USING ascii)", [.text(backup)]
        ).rows
      }
      guard !found.isEmpty else {
        throw Problem(
          404, code: "not_found", "there is no backup '\(backup)'", hint: "see /api/v1/backups")
      }
      return try await request.askForRun(of: "verify_backups", value: backup)
    },
  ]
}

extension APIRequest {
  /// Asks the scheduler for a run of a job.
  ///
  /// - Returns: 202 with the number of the request and the time by which its run is found
  func askForRun(of job: String, value: String?) async throws -> HTTPResponse {
    let row = try await asPerson {
      try await $0.query(
        "CALL request_job_run(?, ?)", [.text(job), value.map { .text($0) } ?? .null]
      ).rows.first
    }
    let time = APITime.text(row?["requested_for"] ?? "")
    return .json(
      .pairs([
        "request_id": .number(row?["request_id"] ?? ""), "job_name": .string(job),
        "requested_for": .string(time),
        "has_scheduler": .bool(row?["has_scheduler"] == "1"),
        "runs": .string("/api/v1/kpis/ops_job_runs?job_name=\(job)&scheduled_for=\(time)"),
      ]), status: 202, headers: [(name: "Cache-Control", value: "no-store")])
  }
}
