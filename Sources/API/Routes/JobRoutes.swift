internal import HTTP
internal import MariaDBClient
internal import PayopsCore
internal import Tabular

/// Runs and switches of jobs.
enum JobRoutes {
  private static let name = Route.Parameter(
    name: "job_name", place: .path, isRequired: true, meaning: "the job")

  /// The error of `run_job` for a job whose command is a program.
  private static let isProgram: UInt32 = 30604

  static let all: [Route] = [
    Route(
      method: "POST", path: "/api/v1/jobs/{job_name}/run", scope: .operate, subject: "Operations",
      summary: "Runs a job now: a CALL at once, a program by the scheduler", parameters: [name],
      others: [202]
    ) { request in
      let job = request.path["job_name"] ?? ""
      let results: [ResultSet]
      do {
        results = try await request.asPerson {
          try await $0.queryAll("CALL run_job(?, NULL, NULL, NULL, NULL)", [.text(job)])
        }
      } catch let error as DatabaseError where error.errno == isProgram {
        return try await request.askForRun(of: job, value: nil)
      }
      let last = results.last { $0.columns.contains { $0.name == "outcome" } }
      return .json(
        last.map { JSON.firstRow(of: DataTable($0)) } ?? .null,
        headers: [(name: "Cache-Control", value: "no-store")])
    },
    Route(
      method: "POST", path: "/api/v1/jobs/{job_name}/enabled", scope: .operate,
      subject: "Operations", summary: "Switches a job on or off", parameters: [name],
      body: .members([
        Route.Member(name: "enabled", kind: .boolean, isRequired: true, meaning: "on or off")
      ])
    ) { request in
      let job = request.path["job_name"] ?? ""
      let fields = try RequestFields(
        request,
        [Route.Member(name: "enabled", kind: .boolean, isRequired: true, meaning: "on or off")])
      try await request.asPerson { connection in
        _ = try await connection.query(
          "CALL set_job_enabled(?, ?)", [.text(job), fields["enabled"]])
      }
      return .json(.object([]), headers: [(name: "Cache-Control", value: "no-store")])
    },
  ]
}
