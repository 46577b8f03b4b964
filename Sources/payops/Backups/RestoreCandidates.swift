import Backup
import PayopsCore
import Restore

/// The backups that a restore may take: the one that is named, or the verified ones, newest first.
struct RestoreCandidates {
  private var backups: [BackupManifest]
  /// Why the newest one cannot be taken, when that is known before it is tried.
  private var obstacle: BackupError?
  private let isLatest: Bool
  private let takesNext: Bool
  private let folder: BackupFolder

  /// The backup to take now.
  ///
  /// - Throws: why it cannot be taken, when something newer is damaged
  func current() throws -> BackupManifest {
    if let obstacle { throw obstacle }
    return backups[0]
  }

  /// Reads the folder.
  ///
  /// - Parameters:
  ///   - invocation: the command line
  ///   - moment: the moment that a backup must not be later than; nil for any
  init(_ invocation: Invocation, before moment: RestoreMoment?) throws {
    folder = invocation.backupFolder
    isLatest = invocation[RestoreCommand.latest]
    takesNext = invocation[RestoreCommand.nextGood]
    switch (invocation[BackupOptions.id], isLatest) {
    case (let id?, false):
      guard !takesNext else { throw Fault.usage("--next-good goes with --latest") }
      backups = [try folder.backup(id)]
    case (nil, true):
      let schema = try DatabaseTarget(for: invocation).database
      let contents = try folder.contents()
      var before = contents.inOrder(of: schema)
      if case .instant(let instant)? = moment { before.removeAll { $0.createdEpoch > instant } }
      backups = before.reversed().filter(\.isVerified)
      let newest = backups.first?.sequence ?? 0
      obstacle = Self.obstacle(contents, schema: schema, newerThan: newest)
      Self.note(
        before.filter { $0.sequence > newest }, lost: contents.lost(of: schema), folder.path,
        invocation.console)
      if backups.isEmpty, obstacle == nil {
        throw BackupError(
          .noneGood, "there is no verified backup of schema \(schema) in \(folder.path)",
          hint: "see `payops backup list`; name one to take it as it is")
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

  /// Says what is newer than what is going to be restored.
  private static func note(
    _ newer: [BackupManifest], lost: String?, _ path: String, _ console: Console
  ) {
    for backup in newer {
      console.note(
        "note: \(backup.id) is newer, and "
          + (backup.verification.state == .failed ? "FAILED its verification" : "not verified"))
    }
    if let lost {
      console.note("note: \(lost), the last backup made, is not in \(path) any more")
    }
  }

  /// Takes the next good backup instead, when that was asked for.
  ///
  /// - Parameters:
  ///   - error: why the current one cannot be taken
  ///   - console: where that is said
  /// - Throws: the error, with the name of the next good one, when it was not asked for
  mutating func passOver(_ error: BackupError, _ console: Console) throws {
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
        hint: "no other verified backup of the schema is whole; nothing was changed")
    }
    guard takesNext else {
      throw BackupError(
        error.code, error.message,
        hint: "nothing was changed; the next good backup is \(next.id), of \(next.createdAt):"
          + " name it, or add --next-good")
    }
    console.note("note: \(error.message); taking the next good one, \(next.id)")
    obstacle = nil
    backups = rest
  }
}
