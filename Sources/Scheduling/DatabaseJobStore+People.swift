internal import MariaDBClient
package import PayopsCore

/// Queries and changes of jobs by people.
extension DatabaseJobStore {
  /// One job, enabled or not.
  ///
  /// - Throws: a usage failure for an unknown name
  package func known(_ name: String) async throws -> JobState {
    guard let state = try await job(name) else {
      throw Fault.usage("there is no job '\(name)'", hint: "see `payops jobs list`")
    }
    return state
  }

  /// The next times of a job's schedule, on days that its calendar allows.
  ///
  /// - Parameters:
  ///   - job: the job
  ///   - count: how many
  package func nextTimes(of job: Job, count: Int) async throws -> [CivilInstant] {
    var cursor = try await now()
    var business: Set<CivilDate>?
    if let calendar = job.calendar {
      business = try await businessDays(
        of: calendar, from: cursor.date, to: CivilDate(daysSinceEpoch: cursor.daysSinceEpoch + 3660)
      )
    }
    var found: [CivilInstant] = []
    while found.count < count,
      let time = job.next(after: cursor, isBusinessDay: { business?.contains($0) ?? true })
    {
      found.append(time)
      cursor = time
    }
    return found
  }

  /// Enables or disables a job for the scheduler.
  package func setEnabled(_ name: String, _ isOn: Bool) async throws {
    _ = try await known(name)
    try await connection.execute(
      "CALL set_job_enabled(?, ?)", [.text(name), .integer(isOn ? 1 : 0)])
  }

  /// Sets when a job runs.
  ///
  /// - Throws: a usage failure for a schedule that cannot be read
  package func setSchedule(_ name: String, _ text: String, zone: String) async throws {
    do {
      _ = try Schedule(text, timeZone: zone)
    } catch {
      throw Fault.usage("\(error)", hint: "see `payops jobs schedule --help`")
    }
    _ = try await known(name)
    try await connection.execute(
      "CALL set_job_schedule(?, ?, ?)", [.text(name), .text(text), .text(zone)])
  }
}
