package import Backup
import PayopsCore

/// The backups that a restore may use: the named one, or the verified ones, newest first.
package struct RestoreCandidates {
  private var backups: [BackupManifest]
  /// Why the newest one cannot be used, when that is known before trying.
  private var obstacle: BackupError?
  private let isLatest: Bool
  private let takesNext: Bool
  private let folder: BackupFolder

  /// The backup to restore next.
  ///
  /// - Throws: the reason when a newer one is damaged and the next may not be used
  package func current() throws -> BackupManifest {
    if let obstacle { throw obstacle }
    return backups[0]
  }

  /// Reads the folder.
  ///
  /// - Parameters:
  ///   - folder: the folder
  ///   - id: the named backup; nil for none
  ///   - isLatest: whether the command asks for the newest verified one
  ///   - takesNext: whether the next good one is used when that is damaged
  ///   - schema: the schema
  ///   - moment: the latest time that a backup may have; nil for any
  ///   - note: receives notes on backups that are newer than the one to use
  package init(
    in folder: BackupFolder, id: String?, isLatest: Bool, takesNext: Bool, schema: String,
    before moment: RestoreMoment?, note: (String) -> Void
  ) throws {
    self.folder = folder
    self.isLatest = isLatest
    self.takesNext = takesNext
    switch (id, isLatest) {
    case (let id?, false):
      guard !takesNext else { throw Fault.usage("--next-good requires --latest") }
      backups = [try folder.backup(id)]
    case (nil, true):
      let contents = try folder.contents()
      var before = contents.inOrder(of: schema)
      if case .instant(let instant)? = moment { before.removeAll { $0.createdEpoch > instant } }
      backups = before.reversed().filter(\.isVerified)
      let newest = backups.first?.sequence ?? 0
      obstacle = Self.obstacle(contents, schema: schema, newerThan: newest)
      Self.notes(
        before.filter { $0.sequence > newest }, lost: contents.lost(of: schema), folder.path
      ).forEach(note)
      if backups.isEmpty, obstacle == nil {
        throw BackupError(
          .noneGood, "there is no verified backup of schema \(schema) in \(folder.path)",
          hint: "see `payops backup list`; name one to restore it as it is")
      }
    case (nil, false):
      throw Fault.usage("name a backup, or ask for the newest verified one with --latest")
    case (_?, true): throw Fault.usage("a name and --latest exclude each other")
    }
  }

  private static func obstacle(
    _ contents: BackupFolder.Contents, schema: String, newerThan newest: Int
  ) -> BackupError? {
    let newer = contents.unreadable.filter { $0.isOf(schema) && $0.sequence ?? 0 > newest }
    return newer.max { $0.sequence ?? 0 < $1.sequence ?? 0 }.map {
      BackupError(.unreadableManifest, "the newest backup \($0.name) is not usable: \($0.reason)")
    }
  }

  /// Names the backups that are newer than the one to restore.
  private static func notes(
    _ newer: [BackupManifest], lost: String?, _ path: String
  ) -> [String] {
    newer.map { backup in
      "note: \(backup.id) is newer, and "
        + (backup.verification.state == .failed ? "FAILED its verification" : "not verified")
    } + (lost.map { ["note: \($0), the last backup made, is not in \(path) any more"] } ?? [])
  }

  /// Switches to the next good backup, when that was requested.
  ///
  /// - Parameter error: why the current one cannot be used
  /// - Returns: a note on the switch
  /// - Throws: the error, with the name of the next good one, when it was not requested
  package mutating func passOver(_ error: BackupError) throws -> String {
    let isOfOne: Set<BackupError.Code> = [
      .damaged, .unreadable, .unreadableManifest, .mismatch, .refusedContent,
    ]
    guard isLatest, isOfOne.contains(error.code) else { throw error }
    var rest = obstacle == nil ? Array(backups.dropFirst()) : backups
    while let next = rest.first, !folder.look(at: next, readsAll: true).isWhole {
      rest.removeFirst()
    }
    guard let next = rest.first else {
      throw BackupError(
        error.code, error.message,
        hint: "no other verified backup of the schema is intact; nothing was changed")
    }
    guard takesNext else {
      throw BackupError(
        error.code, error.message,
        hint: "nothing was changed; the next good backup is \(next.id), of \(next.createdAt):"
          + " name it, or add --next-good")
    }
    obstacle = nil
    backups = rest
    return "note: \(error.message); using the next good one, \(next.id)"
  }
}
