import PayopsCore

/// Whether a good, recent backup exists.
package struct BackupHealth: Sendable {
  /// Whether one exists and no problem was found.
  package let isGood: Bool
  /// The reason, in one sentence.
  package let message: String
  /// The newest verified backup with its data.
  package let newestVerified: BackupManifest?
  /// Its age in seconds; negative when it is dated in the future.
  package let ageSeconds: Int64?
  /// Problems with backups of the schema, one sentence each.
  package let problems: [String]

  /// Clocks of two machines may differ by this; more is a wrong clock.
  package static let clockTolerance: Int64 = 300

  /// Evaluates the backups of a schema.
  ///
  /// - Parameters:
  ///   - survey: the folder
  ///   - schema: the schema
  ///   - maximumAge: in seconds
  ///   - now: seconds since 1970
  package init(_ survey: BackupSurvey, schema: String, maximumAge: Int64, now: Int64) {
    let backups = survey.contents.inOrder(of: schema)
    var problems = survey.problems(of: schema)
    newestVerified = backups.last { $0.isVerified && survey.condition(of: $0).isWhole }
    let state: String
    if let newest = newestVerified {
      let age = now - newest.createdEpoch
      ageSeconds = age
      let later = backups.filter { $0.sequence > newest.sequence }
      if let failed = later.last(where: { $0.verification.state == .failed }) {
        problems.append("\(failed.id) FAILED its verification")
      }
      if age < -Self.clockTolerance {
        problems.append("\(newest.id) is dated in the future: a clock is or was wrong")
      }
      let isOld = age > maximumAge
      isGood = problems.isEmpty && !isOld
      state =
        "\(newest.id) is verified, \(ageText(age)), restores in"
        + " \(durationText(newest.verification.restoreSeconds ?? 0))"
        + (isOld ? ", older than \(durationText(Double(maximumAge)))" : "")
        + (newest.verification.attempt.map {
          "; it could not be examined again on \($0.at): \($0.reason)"
        } ?? "")
    } else {
      ageSeconds = nil
      isGood = false
      state =
        backups.isEmpty
        ? "there is no backup of schema \(schema) in \(survey.path)"
        : "none of \(backups.count) backups in \(survey.path) is verified"
          + (backups.contains(where: \.isVerified) ? " and has its data" : "")
    }
    self.problems = problems
    message = (problems + [state]).joined(separator: "; ")
  }
}

/// The age of a backup for people: `3 min 2 s old`, `1 h 0 min ahead`.
package func ageText(_ seconds: Int64) -> String {
  seconds < 0
    ? "\(durationText(Double(-seconds))) ahead" : "\(durationText(Double(seconds))) old"
}
