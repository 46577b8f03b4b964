package import MariaDBClient
internal import PayopsCore

extension JobReport {
  /// Runs a job for the last time of its schedule that has come.
  ///
  /// - Parameters:
  ///   - name: name of the job
  ///   - isNow: whether it is run for this moment, whatever its schedule says
  ///   - connection: connection with the schema selected, which is closed afterwards
  ///   - runner: runs it
  /// - Returns: what became of it
  /// - Throws: a usage failure for an unknown job, and for a schedule without such a time
  package static func run(
    _ name: String, isNow: Bool, on connection: Connection, by runner: DatabaseJobRunner
  ) async throws -> JobReport {
    try await connection.use { connection in
      let store = DatabaseJobStore(connection, host: Host.name)
      let job = try await store.known(name).job
      try await store.abandonDead()
      let clock = try await store.now()
      guard let time = isNow ? clock : job.schedule.last(through: clock) else {
        throw Fault.usage(
          "the schedule of \(job.name) has no time in the last 400 days",
          hint: "run it with --now")
      }
      let outcome = try await runner.run(job, for: time, lease: nil)
      return try await read(outcome, of: job, for: time, on: connection)
    }
  }
}
