package import MariaDBClient
package import Tabular

/// The state of job scheduling, from the view `ops_scheduler`.
package struct SchedulerStatus: Sendable {
  private let holder: String?
  private let troubled: String?
  private let failed: String?
  private let failedRuns: Int64

  /// Reads the view.
  package static func read(on connection: Connection) async throws -> SchedulerStatus {
    let row = try await connection.query("SELECT * FROM ops_scheduler").rows.first
    return SchedulerStatus(
      holder: row?["is_at_work"] == "1"
        ? "\(row?["holder"] ?? "") since \(row?["acquired_at"] ?? "")" : nil,
      troubled: row?["troubled_jobs"], failed: row?["failed_jobs"],
      failedRuns: row?.integer("failed_run_count") ?? 0)
  }

  /// Whether a scheduler is at work and no job is late or failing.
  package var isGood: Bool { holder != nil && troubled == nil }

  /// The state in one line.
  package var text: String {
    (holder.map { "scheduled by \($0) UTC" } ?? "no scheduler is at work")
      + (troubled.map { "; late or failing: \($0)" } ?? "; no job is late or failing")
      + (failed.map { "; failed runs in the last 24 h: \($0)" } ?? "") + "\n"
  }

  /// The state as JSON.
  package var json: JSON {
    .pairs([
      "scheduler": holder.map { .string($0) } ?? .null,
      "troubled_jobs": .array(
        (troubled ?? "").split(separator: ", ").map { .string(String($0)) }),
      "failed_runs": .integer(failedRuns),
    ])
  }
}
