/// The job run that a connection works for: its transactions are refused once the run was given up
/// for dead.
package struct JobFence: Sendable, Equatable {
  /// Environment variable that passes the fence to a program.
  package static let variable = "PAYOPS_JOB_FENCE"

  /// Name of the job.
  package let job: String
  /// Fencing token of the attempt.
  package let token: Int64

  /// Identifies a run.
  package init(job: String, token: Int64) {
    self.job = job
    self.token = token
  }

  /// Parses ``text``; nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: ":")
    guard parts.count == 2, let token = Int64(parts[1]) else { return nil }
    self.init(job: String(parts[0]), token: token)
  }

  /// `job:token`.
  package var text: String { "\(job):\(token)" }
}
