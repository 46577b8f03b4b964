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
        try await follow(archive, options, invocation)
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

  private func follow(
    _ archive: BinaryLogArchive, _ options: ConnectionOptions, _ invocation: Invocation
  ) async throws {
    let console = invocation.console
    let follower = LogFollower(
      archive, note: { console.note($0) }, record: { await invocation.recordLogs(archive) })
    let interval = Duration.seconds(invocation[Self.interval] ?? 2)
    guard let last = try await follower.run(options, every: interval) else { return }
    try console.write(console.isJSON ? last.json.lines : "ended; \(last.text)\n")
  }
}
