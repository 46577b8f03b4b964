import PayopsCore
package import Tabular

/// The report of `payops backup check` on the archive of binary logs.
package struct LogArchiveReport: Sendable {
  /// Whether no problem was found.
  package let isGood: Bool
  /// How far it reaches and which problems it has, in one sentence.
  package let message: String
  private let health: LogArchiveHealth?
  private let limit: Int64

  /// Evaluates the archive.
  ///
  /// - Parameters:
  ///   - health: the state of the archive; nil without archived logs
  ///   - limit: most seconds that may be lost; nil when no limit was given
  /// - Returns: nil when there is no archive and none was required
  package init?(_ health: LogArchiveHealth?, limit: Int64?) {
    self.health = health
    self.limit = limit ?? Self.usualLimit
    guard let health else {
      guard limit != nil else { return nil }
      isGood = false
      message = "no binary logs are archived"
      return
    }
    var problems = health.allProblems
    if health.ageSeconds < -BackupHealth.clockTolerance {
      problems.append("the archive of logs is dated in the future: a clock is or was wrong")
    }
    let isOld = health.ageSeconds > self.limit
    isGood = problems.isEmpty && !isOld
    message =
      (problems + [
        "logs archived up to byte \(health.status.position) of \(health.status.log), everything"
          + " written until \(durationText(Double(max(0, health.ageSeconds)))) ago"
          + (isOld ? ", longer than \(durationText(Double(self.limit)))" : "")
      ]).joined(separator: "; ")
  }

  /// Default of the seconds that may be lost.
  package static let usualLimit: Int64 = 3600

  /// The report as JSON.
  package var json: JSON {
    guard let health else {
      return .pairs(["ok": .bool(isGood), "message": .string(message)])
    }
    return .pairs([
      "ok": .bool(isGood), "message": .string(message), "log": .string(health.status.log),
      "position": .integer(health.status.position),
      "event_at": health.status.eventEpoch.map { .string(Timestamp.text($0)) } ?? .null,
      "reached_at": .string(Timestamp.text(health.status.reachedEpoch)),
      "age_seconds": .integer(health.ageSeconds), "max_log_age_seconds": .integer(limit),
      "missing": .array(health.missing.map(JSON.string)),
      "problems": .array(health.problems.map(JSON.string)),
    ])
  }
}
