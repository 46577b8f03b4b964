package import Backup
internal import Dispatch
internal import Foundation
internal import MariaDBClient
internal import Synchronization

/// The moment up to which a restore replays.
package enum RestoreMoment: Sendable, Equatable {
  /// Everything that happened before an instant, seconds since 1970.
  case instant(Int64)
  /// Everything up to and including these global transaction ids.
  case gtid(String)
}

/// Brings a backup to a later moment with the archived binary logs.
///
/// A log holds statements as they were written, some with the name of their schema, so the logs are
/// replayed where they cannot touch anything else: on a private server, under the schema's own
/// name. The result is a backup like any other, which can be restored anywhere.
package struct PointInTime: Sendable {
  private let manifest: BackupManifest
  private let folder: BackupFolder
  private let archive: BinaryLogArchive
  private let key: EncryptionKey?
  private let moment: RestoreMoment
  private let connections: Int
  private let trust: BackupTrust
  private let allowsUnsealed: Bool
  private let payopsVersion: String

  /// Prepares a replay.
  ///
  /// - Parameters:
  ///   - manifest: the backup to start from.
  ///   - folder: the folder of the backup and the logs.
  ///   - key: the key of an encrypted backup; the result is encrypted with it, too.
  ///   - moment: how far to replay.
  ///   - connections: connections that load rows.
  ///   - trust: how far the definitions of the backup are trusted.
  ///   - allowsUnsealed: whether an encrypted backup of an older version, and unencrypted logs that
  ///     it copied, are accepted.
  ///   - payopsVersion: version of payops, for the manifest of the result.
  package init(
    _ manifest: BackupManifest, in folder: BackupFolder, key: EncryptionKey?,
    moment: RestoreMoment, connections: Int, trust: BackupTrust = .none,
    allowsUnsealed: Bool = false, payopsVersion: String
  ) {
    self.manifest = manifest
    self.folder = folder
    archive = BinaryLogArchive(folder: folder, key: key, allowsPlain: allowsUnsealed)
    self.key = key
    self.moment = moment
    self.connections = connections
    self.trust = trust
    self.allowsUnsealed = allowsUnsealed
    self.payopsVersion = payopsVersion
  }

  /// Checks that the logs reach from the backup to the moment.
  ///
  /// - Returns: the number of logs that will be read.
  /// - Throws: ``BackupError/Code/logGap``.
  @discardableResult
  package func check() throws -> Int { try logs().count }

  private func logs() throws -> [ArchivedLog] {
    guard !manifest.isOfMySQL else {
      throw BackupError(
        .unsupported, "\(manifest.id) is of MySQL, whose binary logs payops does not replay",
        hint:
          "restore it with --as, then replay the logs with mysqlbinlog, or use the point in time"
          + " of the provider")
    }
    guard let position = manifest.position else {
      throw BackupError(
        .logGap, "\(manifest.id) was taken from a server without a binary log",
        hint: "only backups of a server with log_bin can be brought to a point in time")
    }
    switch moment {
    case .instant(let instant):
      guard instant >= manifest.createdEpoch else {
        throw BackupError(
          .logGap, "\(manifest.id) was taken at \(manifest.createdAt), after the requested moment",
          hint: "name an older backup")
      }
      return try archive.logs(from: position, to: instant)
    case .gtid: return try archive.logs(from: position, to: nil)
    }
  }

  /// Replays the logs onto the backup.
  ///
  /// - Parameter progress: called as rows are loaded.
  /// - Returns: the new backup, not verified yet, and the number of statements replayed.
  package func run(
    progress: @escaping @Sendable (Restore.Progress) -> Void = { _ in }
  ) async throws -> (backup: BackupManifest, statements: Int) {
    let logs = try logs()
    try archive.checkSpace(for: logs)
    let scratch = try await Scratch.make(
      .privateServer, in: folder, for: manifest, schema: manifest.schema)
    do {
      var plan = RestorePlan(options: scratch.options, schema: manifest.schema)
      plan.definers = .current
      plan.connections = connections
      plan.trust = trust
      plan.allowsUnsealed = allowsUnsealed
      try await Restore(manifest, in: folder, key: key, plan: plan).run(progress: progress)
      progress(Restore.Progress(phase: "replay", rawBytes: 0, totalBytes: 0))
      let count = try await replay(logs, in: scratch)
      progress(Restore.Progress(phase: "back up", rawBytes: 0, totalBytes: 0))
      // Its age is that of its contents.
      let instant = stateInstant
      let result = try await BackupCreation(
        options: scratch.options, folder: folder, key: key, kind: .pointInTime,
        payopsVersion: payopsVersion, now: { instant }
      ).run()
      await scratch.remove()
      return (result, count)
    } catch {
      await scratch.remove()
      throw error
    }
  }

  /// The instant of the restored state; for a transaction id that of the backup, which is certainly
  /// not later.
  private var stateInstant: Int64 {
    switch moment {
    case .instant(let instant): instant
    case .gtid: manifest.createdEpoch
    }
  }

  private func replay(_ logs: [ArchivedLog], in scratch: Scratch) async throws -> Int {
    guard let position = manifest.position, let directory = scratch.directory else { return 0 }
    // The tool needs seekable files; these are removed with the private server.
    let folder = "\(directory)/logs"
    guard mkdir(folder, 0o700) == 0 else { throw BackupFolder.failure("make", folder) }
    let paths = try logs.map { try archive.unpack($0, into: folder) }
    let options = scratch.options
    let tool = try await ClientProgram.find(["mariadb-binlog", "mysqlbinlog"])
    var arguments: [String] = []
    switch moment {
    case .instant(let instant):
      // The tool reads times in its own zone, so it runs in UTC.
      let text = Timestamp.text(instant).replacing("T", with: " ").replacing("Z", with: "")
      arguments += ["--start-position=\(position.offset)", "--stop-datetime=\(text)"]
    case .gtid(let gtid):
      arguments += ["--start-position=\(position.gtid)", "--stop-position=\(gtid)"]
    }
    arguments += ["--database=\(manifest.schema)", "--"] + paths
    let connection = try await Connection.open(options)
    let feed = StatementFeed(connection, schema: manifest.schema)
    do {
      try await tool.run(arguments, options: options, zone: "UTC") { try feed.take($0) }
      await connection.close()
      return feed.statements
    } catch {
      await connection.close()
      throw Self.explained(error, after: feed.statements)
    }
  }

  private static func explained(_ error: any Error, after count: Int) -> any Error {
    guard let refused = error as? DatabaseError, !refused.isOfSurroundings else { return error }
    return BackupError(
      .refusedStatement,
      "statement \(count + 1) of the logs cannot be replayed: \(refused.debugDescription)",
      hint: "nothing was changed; name an earlier moment")
  }
}

/// Runs the statements of a text that arrives in pieces on a separate thread.
private final class StatementFeed: Sendable {
  private let connection: Connection
  private let schema: String
  private let splitter = Mutex(StatementSplitter(.tool))
  private let mode = Mutex(SyntaxTracker())
  private let count = Mutex(0)

  init(_ connection: Connection, schema: String) {
    self.connection = connection
    self.schema = schema
  }

  func take(_ piece: UnsafeRawBufferPointer) throws {
    nonisolated(unsafe) let piece = piece
    let statements = splitter.withLock { splitter in
      var found: [[UInt8]] = []
      splitter.update(piece) { found.append($0) }
      return found
    }
    try run(statements)
  }

  private func run(_ statements: [[UInt8]]) throws {
    for statement in statements {
      if try isLeftOut(statement) { continue }
      // The thread that reads the tool's output may block.
      let done = DispatchSemaphore(value: 0)
      let outcome = Mutex<Result<Void, any Error>>(.success(()))
      let connection = connection
      Task {
        do {
          try await connection.execute(bytes: statement)
        } catch {
          let failure = error
          outcome.withLock { $0 = .failure(failure) }
        }
        done.signal()
      }
      done.wait()
      try outcome.withLock { $0 }.get()
      count.withLock { $0 += 1 }
    }
  }

  /// Whether a statement is skipped.
  private func isLeftOut(_ statement: [UInt8]) throws(BackupError) -> Bool {
    let front = String(decoding: statement.prefix(120), as: UTF8.self)
    // The schema exists already; a dropped one has no state to restore.
    let ofSchema =
      #/^\s*(CREATE|DROP)\s+(?:OR\s+REPLACE\s+)?(?:DATABASE|SCHEMA)\b/#.ignoresCase()
    if let match = front.firstMatch(of: ofSchema) {
      guard match.1.uppercased() == "DROP" else { return true }
      throw BackupError(
        .unsupported, "the logs drop the schema \(schema)", hint: "name an earlier moment")
    }
    if concernsAnotherSchema(front) { return true }
    // A command of the `mariadb` client; the next statement sets the server's variable.
    if front.hasPrefix("/*!\\C") { return true }
    if try decide(on: statement) == .leaveOut { return true }
    // Ids of the server that wrote the log; the replaying server assigns its own.
    return front.firstMatch(of: #/SET @@session\.(gtid_domain_id|gtid_seq_no|server_id)=/#) != nil
  }

  /// Checks a statement as the server will read it.
  private func decide(on statement: [UInt8]) throws(BackupError) -> ReplayGuard.Decision {
    let syntax = mode.withLock { $0.syntax }
    let decision: ReplayGuard.Decision
    do {
      let tokens = try SQLToken.tokens(of: statement, syntax: syntax)
      decision = ReplayGuard.decision(on: tokens)
      mode.withLock { $0.follow(tokens) }
    } catch {
      decision = .refuse("that cannot be read with certainty: \(error.reason)")
    }
    guard case .refuse(let words) = decision else { return decision }
    throw BackupError(
      .refusedContent, "the logs hold a statement that cannot be replayed: \(words)",
      hint: "nothing was changed; name an earlier moment, or find out who wrote the logs")
  }

  /// Whether a statement defines one object in another schema: the tool filters statements by the
  /// schema that was selected.
  private func concernsAnotherSchema(_ front: String) -> Bool {
    let one =
      #/^\s*(?:CREATE|ALTER|DROP|TRUNCATE)\b[^`(,.]*?\b(?:TABLE|VIEW|SEQUENCE|PROCEDURE|FUNCTION|TRIGGER|EVENT)\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?(?:`(?<quoted>(?:[^`]|``)+)`|(?<bare>[\w$]+))\s*\.\s*(?:`(?:[^`]|``)+`|[\w$]+)(?<rest>[\s\S]*)/#
      .ignoresCase()
    guard let match = front.prefixMatch(of: one) else { return false }
    let name =
      match.output.quoted.map { DumpStatement.plain($0) } ?? String(match.output.bare ?? "")
    // A list of objects may also name ours: it is run, and an error is reported.
    return name != schema && !match.output.rest.trimmingPrefix(#/\s+/#).hasPrefix(",")
  }

  /// Number of statements so far.
  var statements: Int { count.withLock { $0 } }
}
