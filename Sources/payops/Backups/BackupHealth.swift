import Backup

/// Whether there is a good, recent backup.
struct BackupHealth: Sendable {
  /// Whether there is.
  let isGood: Bool
  /// Why, in one sentence.
  let message: String
  /// The newest verified backup.
  let newestVerified: BackupManifest?
  /// Its age in seconds.
  let ageSeconds: Int64?

  /// Judges.
  ///
  /// - Parameters:
  ///   - backups: those of one schema, oldest first.
  ///   - maximumAge: in seconds.
  ///   - now: seconds since 1970.
  init(_ backups: [BackupManifest], maximumAge: Int64, now: Int64) {
    newestVerified = backups.last(where: \.isVerified)
    guard let newest = newestVerified else {
      isGood = false
      ageSeconds = nil
      message =
        backups.isEmpty ? "there is no backup" : "none of \(backups.count) backups is verified"
      return
    }
    let age = max(0, now - newest.createdEpoch)
    ageSeconds = age
    let words =
      "\(newest.id) is verified, \(durationText(Double(age))) old, restores in"
      + " \(durationText(newest.verification.restoreSeconds ?? 0))"
    let later = backups.filter { $0.sequence > newest.sequence }
    if let failed = later.last(where: { $0.verification.state == .failed }) {
      isGood = false
      message = "\(failed.id) FAILED its verification; \(words)"
    } else {
      isGood = age <= maximumAge
      message = words + (isGood ? "" : ", older than \(durationText(Double(maximumAge)))")
    }
  }
}
