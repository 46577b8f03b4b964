package import MariaDBClient
package import PayopsCore
package import Tabular

/// The outcome of a job's run for one time of its schedule.
package struct JobReport: Sendable {
  /// The outcome.
  package let outcome: RunOutcome
  private let job: String
  private let time: CivilInstant
  private let row: Row?

  /// Reads the recorded run.
  ///
  /// - Parameters:
  ///   - outcome: the outcome
  ///   - job: the job
  ///   - time: the time of its schedule
  ///   - connection: connection with the schema selected
  package static func read(
    _ outcome: RunOutcome, of job: Job, for time: CivilInstant, on connection: Connection
  ) async throws -> JobReport {
    JobReport(
      outcome: outcome, job: job.name, time: time,
      row: try await connection.query(
        "SELECT run_id, run_state, ended_at, row_count, error_message FROM job_runs"
          + " WHERE job_name = ? AND scheduled_for = ?",
        [.text(job.name), .text(time.description)]
      ).rows.first)
  }

  /// The outcome, in one line.
  package var text: String {
    let text =
      switch outcome {
      case .succeeded: "succeeded" + (row?["row_count"].map { ", \($0) rows" } ?? "")
      case .failed, .timedOut: "\(outcome.rawValue): \(row?["error_message"] ?? "no message")"
      case .taken: "nothing to do, that time was \(row?["run_state"] ?? "decided")"
      case .busy: "it is running, or waits for its next attempt"
      case .skipped: "skipped, it is running"
      }
    return "\(job) for \(time) UTC: \(text)\n"
  }

  /// The outcome as JSON.
  package var json: JSON {
    .pairs([
      "job": .string(job), "scheduled_for": .string(time.description),
      "outcome": .string(outcome.rawValue),
      "run_id": row?.integer("run_id").map { .integer($0) } ?? .null,
      "row_count": row?.integer("row_count").map { .integer($0) } ?? .null,
      "error_message": row?["error_message"].map { .string($0) } ?? .null,
    ])
  }
}
