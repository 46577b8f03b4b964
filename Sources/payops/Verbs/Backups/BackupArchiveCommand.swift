import Backup
import EmbeddedServer
import Foundation
import MariaDBClient
import PayopsCore
import Tabular

/// `payops backup archive-logs`.
struct BackupArchiveLogs: DatabaseVerb {
  static let flush = Flag(
    "flush", help: "let the server begin a new log first, so that the one of now is closed")
  static let follow = Flag(
    "follow",
    help: "stay, as `tail --follow` does, and archive what the server writes until told to end")
  static let interval = Option.integer(
    "interval", "SECONDS", in: 1...3600, "with --follow: time between two looks (default 2)")
  static let ifLogged = Flag(
    "if-logged",
    help: "do nothing where the server writes no binary log, or the account may not read it")
  static let key = Option.path(
    "key", "FILE", "encrypt with the key in this file (default $PAYOPS_BACKUP_KEY)")

  let name = "archive-logs"
  let summary = "archive the server's binary logs beside the backups"
  let discussion = """
    With them `payops restore --to TIME` brings the schema to any moment after a backup.
    Archived is all that the server has written: the logs that it has closed, and what
    there is of the one that it writes to; packed, and encrypted with the key as backups
    are. What is there already is left alone, and so are logs that no backup needs.

    With --follow it stays and looks every two seconds, so that a loss of the server costs
    some seconds. A server that restarts is waited for. Ctrl-C and SIGTERM end it; the
    next run continues where it ended, however that was.

    The account needs REPLICATION SLAVE and BINLOG MONITOR, with --flush also RELOAD.
    """
  let options = [
    BackupOptions.dir.declaration, key.declaration, flush.declaration, follow.declaration,
    interval.declaration, ifLogged.declaration,
  ]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    if invocation[Self.follow], invocation[Self.flush] {
      throw Fault.usage("--follow and --flush exclude each other")
    }
    if invocation[Self.interval] != nil, !invocation[Self.follow] {
      throw Fault.usage("--interval goes with --follow")
    }
    let key = try (invocation[Self.key] ?? Invocation.usualKey).map {
      try EncryptionKey(file: $0)
    }
    let archive = BinaryLogArchive(folder: invocation.backupFolder, key: key)
    let options = try await DatabaseTarget(for: invocation).connectionOptions()
    do {
      if invocation[Self.follow] {
        try await LogFollower(archive, invocation).run(
          options, every: .seconds(invocation[Self.interval] ?? 2))
      } else {
        try await copy(archive, options, invocation)
      }
      return .ok
    } catch let error as BackupError
      where invocation[Self.ifLogged] && [.noBinaryLog, .missingPrivilege].contains(error.code)
    {
      invocation.console.note("nothing is archived: \(error.message)")
      return .ok
    }
  }

  private func copy(
    _ archive: BinaryLogArchive, _ options: ConnectionOptions, _ invocation: Invocation
  ) async throws {
    guard let outcome = try await archive.run(options, flushes: invocation[Self.flush]) else {
      guard !invocation[Self.flush] else {
        throw BackupError(
          .busy, "another payops archives logs into this folder",
          hint: "leave --flush out: it archives all that the server writes")
      }
      invocation.console.note("another payops archives logs into this folder: nothing to do")
      return
    }
    await invocation.recordLogs(archive)
    let console = invocation.console
    try console.write(console.isJSON ? outcome.json.lines : outcome.text)
  }
}

/// Follows a server and says what happens.
actor LogFollower {
  /// Each record is an event of the log that is followed, so it is not made at every look.
  private static let secondsBetweenRecords: Int64 = 60

  private let archive: BinaryLogArchive
  private let invocation: Invocation
  private var last: LogArchiveStatus?
  private var recordedAt: Int64?

  init(_ archive: BinaryLogArchive, _ invocation: Invocation) {
    self.archive = archive
    self.invocation = invocation
  }

  /// Follows until the task is cancelled, which is how it ends well.
  func run(_ options: ConnectionOptions, every interval: Duration) async throws {
    do {
      try await archive.follow(options, every: interval) { await self.take($0) }
    } catch let error where Task.isCancelled {
      guard let last else { throw error }
      if invocation.console.isJSON {
        try invocation.console.write(last.json.lines)
      } else {
        try invocation.console.write("ended; \(last.text)\n")
      }
    }
  }

  private func take(_ event: BinaryLogArchive.FollowEvent) async {
    let console = invocation.console
    switch event {
    case .away(let error):
      console.note("note: the server is away and is tried again: \(Fault(error).message)")
    case .back: console.note("note: the server is back")
    case .reached(let status, let copied):
      for log in copied { console.note("\(log) is archived") }
      if last == nil { console.note("following; \(status.text)") }
      last = status
      if status.reachedEpoch - (recordedAt ?? 0) >= Self.secondsBetweenRecords {
        recordedAt = status.reachedEpoch
        await invocation.recordLogs(archive)
      }
    }
  }
}

extension Invocation {
  /// Writes how far the archive has come into the table `log_archives`; a database without it, or
  /// one that is away, is no reason to fail.
  func recordLogs(_ archive: BinaryLogArchive) async {
    do {
      let schema = try DatabaseTarget(for: self).database
      try await withConnection { try await LogRegister($0).record(archive, of: schema) }
    } catch let error as DatabaseError where error.code == .unknownObject {
      // A schema that is not payops' has no such table.
    } catch {
      // Whoever is told to end need not hear of this.
      guard !Task.isCancelled else { return }
      console.note(
        "note: the view ops_backup_status was not brought up to date: \(Fault(error).message)"
      )
    }
  }
}
