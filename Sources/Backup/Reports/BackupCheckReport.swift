internal import Foundation
internal import PayopsCore
package import Tabular

/// What `payops backup check` says: whether there is a good, recent backup, and how far the archived
/// binary logs reach.
package struct BackupCheckReport: Sendable {
  private let backups: BackupHealth
  private let logs: LogArchiveReport?
  private let maximumAge: Int64

  /// Seconds that the newest backup may be old when nobody says otherwise.
  package static let usualAge: Int64 = 26 * 3600

  /// Looks at a folder.
  ///
  /// - Parameters:
  ///   - folder: the folder
  ///   - schema: the schema that is meant
  ///   - maximumAge: of the newest verified backup, in seconds
  ///   - maximumLogAge: most seconds that may be lost with the logs; nil when nobody asked
  ///   - readsAll: whether data and logs are read to their end
  ///   - key: the key of encrypted logs; nil for none
  ///   - now: seconds since 1970
  package init(
    _ folder: BackupFolder, schema: String, maximumAge: Int64, maximumLogAge: Int64?,
    readsAll: Bool, key: EncryptionKey?, now: Int64 = Int64(Date().timeIntervalSince1970)
  ) throws {
    let survey = try BackupSurvey(folder, readsAll: readsAll, schema: schema)
    backups = BackupHealth(survey, schema: schema, maximumAge: maximumAge, now: now)
    logs = LogArchiveReport(
      LogArchiveHealth(
        BinaryLogArchive(folder: folder, key: key), since: backups.newestVerified,
        readsAll: readsAll, now: now),
      limit: maximumLogAge)
    self.maximumAge = maximumAge
  }

  /// Whether all is as it should be.
  package var isGood: Bool { backups.isGood && logs?.isGood ?? true }

  private var message: String {
    [backups.message, logs?.message].compactMap { $0 }.joined(separator: "; ")
  }

  /// One line.
  package func text(_ style: Style) -> String {
    "\(isGood ? style.green("OK") : style.red("CRITICAL")): \(message)\n"
  }

  /// All of it.
  package var json: JSON {
    .pairs([
      "ok": .bool(isGood), "message": .string(message),
      "newest_verified": backups.newestVerified.map { .string($0.id) } ?? .null,
      "age_seconds": backups.ageSeconds.map { .integer($0) } ?? .null,
      "max_age_seconds": .integer(maximumAge),
      "problems": .array(backups.problems.map(JSON.string)), "logs": logs?.json ?? .null,
    ])
  }
}
