internal import Foundation
internal import MariaDBClient

/// Copies a server's binary logs into the archive: the closed ones, and what the server has written
/// so far of the current one.
///
/// Each pass asks for the missing bytes over a connection of the tool that ends when the server has
/// sent them. A permanent reader (`--stop-never`) is a replica to the server: a second one ends
/// the first, and one whose payops was killed stays until the next event.
actor LogCollector {
  /// Size of a part, bytes, at which the next transaction starts a new part.
  private static let partBytes: Int64 = 64 << 20
  /// Parts below a size are joined when there are too many, so that no byte is rewritten more than
  /// a few times and a log of any length has about a hundred parts at most.
  private static let sizes: [Int64] = [1 << 20, 16 << 20, 256 << 20]

  private let archive: BinaryLogArchive
  private let options: ConnectionOptions
  private let tool: ClientProgram
  private let partsPerMerge: Int
  private let now: @Sendable () -> Int64
  private var connection: Connection?
  private var base: String?
  private var newestEvent: Int64?
  /// When the server started each unfinished log, as archived.
  private var begun: [String: Int64] = [:]
  /// Number of the first log that a backup needs.
  private var needed = 0
  /// Whether the key opens a file, by file name: files never change.
  private var accepted: [String: Bool] = [:]
  private var isFirstPass = true
  /// Logs that the server purged before they were archived completely.
  private var lost: Set<String> = []

  /// The result of one pass.
  struct Pass: Sendable {
    /// Logs that this pass completed.
    var copied: [String] = []
    /// Logs that were complete before.
    var present = 0
    /// Bytes written.
    package var bytes: Int64 = 0
    /// How far the archive reaches.
    var status: LogArchiveStatus?
  }

  init(
    _ archive: BinaryLogArchive, options: ConnectionOptions, partsPerMerge: Int = 32,
    now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
  ) async throws {
    self.archive = archive
    self.options = options
    self.partsPerMerge = partsPerMerge
    self.now = now
    tool = try await ClientProgram.find(["mariadb-binlog", "mysqlbinlog"])
  }

  /// Archives what is not archived yet.
  ///
  /// - Parameter flushes: whether the server starts a new log first.
  package func pass(flushes: Bool = false) async throws -> Pass {
    let connection = try await connected()
    if flushes { try await connection.execute("FLUSH BINARY LOGS") }
    let instant = now()
    let logs = try await Self.logs(on: connection)
    guard let last = logs.last else { return Pass() }
    let base = BinaryLogName.base(last.name)
    if self.base == nil {
      self.base = base
      newestEvent = archive.status(of: base)?.eventEpoch
    }
    try checkKey(base)
    var pass = Pass()
    let held = Dictionary(
      uniqueKeysWithValues: archive.logs(of: base) { accepts($0) }.map { ($0.name, $0) })
    finishPurged(held, before: logs.first?.name, &pass)
    // Logs that no backup needs are not copied: rotation would delete them again.
    if isFirstPass || logs.dropLast().contains(where: { held[$0.name]?.isWhole != true }) {
      needed = try archive.firstNeeded()?[base] ?? 0
    }
    var end: Int64 = 0
    for log in logs where log.name == last.name || BinaryLogName.number(log.name) ?? 0 >= needed {
      try Task.checkCancellation()
      end = try await bring(
        log, isOpen: log.name == last.name, held: held[log.name], &pass)
    }
    isFirstPass = false
    let status = LogArchiveStatus(
      log: last.name, position: end, eventEpoch: newestEvent, reachedEpoch: instant)
    archive.keep(status)
    pass.status = status
    return pass
  }

  private static func logs(on connection: Connection) async throws
    -> [(name: String, size: Int64)]
  {
    let rows: [Row]
    do {
      rows = try await connection.query("SHOW BINARY LOGS").rows
    } catch {
      throw error.errno == 1227 ? missing("BINLOG MONITOR") : error
    }
    return try rows.map { row in
      let name = row.text(at: 0) ?? ""
      guard BinaryLogName.number(name) != nil else {
        throw BackupError(.unsupported, "the server has a binary log with the name \(name)")
      }
      return (name, row.text(at: 1).flatMap { Int64($0) } ?? 0)
    }
  }

  private static func missing(_ privilege: String) -> BackupError {
    BackupError(
      .missingPrivilege, "the account may not read the binary logs: it lacks \(privilege)",
      hint: "GRANT BINLOG MONITOR, REPLICATION SLAVE ON *.* TO the account")
  }

  private func accepts(_ piece: ArchivedPiece) -> Bool {
    if let known = accepted[piece.file] { return known }
    let answer = archive.reader.accepts(piece)
    accepted[piece.file] = answer
    return answer
  }

  /// Closes the connection; the next pass opens another.
  package func close() async {
    await connection?.close()
    connection = nil
  }

  private func connected() async throws -> Connection {
    if let connection { return connection }
    var options = options
    options.database = nil
    let connection = try await Connection.openLasting(options)
    do {
      guard connection.serverVersion.isMariaDB else {
        throw BackupError(
          .noBinaryLog, "binary logs of MySQL are not archived",
          hint: "copy them with mysqlbinlog --read-from-remote-server --raw --stop-never, or let"
            + " the provider of the server keep them")
      }
      let row = try await connection.query("SELECT @@log_bin AS is_on").rows.first
      guard row?.integer("is_on") == 1 else {
        throw BackupError(
          .noBinaryLog, "the server writes no binary log",
          hint: "start it with log_bin, or the embedded one with"
            + " `payops server start --binary-log`")
      }
    } catch {
      await connection.close()
      throw error
    }
    self.connection = connection
    return connection
  }

  /// An archive with readable parts would protect nothing, and a restore with the key would refuse
  /// it.
  private func checkKey(_ base: String) throws(BackupError) {
    guard archive.key == nil,
      let newest = archive.logs(of: base).last?.pieces.last, newest.isEncrypted
    else { return }
    throw BackupError(
      .keyNeeded, "the archived logs are encrypted: \(newest.file)",
      hint: "name the key file with --key FILE, or another folder with --dir")
  }

  // MARK: - One log

  /// Archives the missing part of a log.
  ///
  /// - Returns: the position after the last archived byte.
  private func bring(
    _ log: (name: String, size: Int64), isOpen: Bool, held: ArchivedLog?, _ pass: inout Pass
  ) async throws -> Int64 {
    if let held, held.isWhole {
      let size = try wholeSize(held)
      guard size == log.size else { throw differs(held, size, log.size) }
      pass.present += 1
      if isFirstPass { try tidy(log.name, isOpen: isOpen) }
      return size
    }
    let from = held?.end ?? 0
    guard from <= log.size else { throw differs(held, from, log.size) }
    var end = from
    if from < log.size {
      let received = try await receive(
        log.name, from: from, size: isOpen ? nil : log.size, held: held)
      end = received.end
      newestEvent = received.newest.map { max($0, newestEvent ?? 0) } ?? newestEvent
      pass.bytes += received.storedBytes
    }
    if !isOpen {
      // A server that crashed has ended its log without a closing event; as there is a later log,
      // the one with the server's own size is whole.
      guard end == log.size else {
        throw BackupError(.damaged, "the copy of \(log.name) is incomplete")
      }
      pass.copied.append(log.name)
    }
    if isFirstPass || from < log.size || !isOpen { try tidy(log.name, isOpen: isOpen) }
    return end
  }

  private func receive(
    _ log: String, from: Int64, size: Int64?, held: ArchivedLog?
  ) async throws -> LogReceiver.Result {
    let receiver = LogReceiver(
      log, from: from, isWhole: size != nil && from == 0, begun: try begin(of: held),
      archive: archive, limit: Self.partBytes)
    let link = try archive.link(log)
    defer { withExtendedLifetime(link) {} }
    do {
      try await tool.run(
        [
          "--read-from-remote-server", "--raw", "--result-file=\(link.prefix)",
          "--start-position=\(max(from, 4))", "--", log,
        ], options: options
      ) { try receiver.take($0) }
      return try receiver.finish(size: size)
    } catch {
      receiver.discard()
      if let error = error as? BackupError, error.code == .toolFailed,
        error.message.contains("REPLICATION SLAVE")
      {
        throw Self.missing("REPLICATION SLAVE")
      }
      throw error
    }
  }

  /// When the server started a partly archived log.
  private func begin(of log: ArchivedLog?) throws -> Int64? {
    guard let log, let first = log.pieces.first else { return nil }
    if let known = begun[log.name] { return known }
    struct Found: Error { let instant: Int64 }
    do {
      var events = BinaryLogEvents(name: log.name)
      try archive.reader.read(first) { bytes in
        try events.update(bytes) { throw Found(instant: $0.instant) }
      }
      return nil
    } catch let found as Found {
      begun = [log.name: found.instant]
      return found.instant
    }
  }

  /// Joins parts, and removes those whose bytes other files hold.
  private func tidy(_ name: String, isOpen: Bool) throws {
    let all = archive.pieces().filter { $0.log == name }
    // A part written with another key may have been replaced under its name.
    for piece in all { accepted[piece.file] = nil }
    let log = ArchivedLog(name: name, pieces: all.filter { accepts($0) })
    guard !log.isWhole else { return archive.remove(all.filter { !log.pieces.contains($0) }) }
    if !isOpen {
      try archive.merge(log.pieces, isWhole: true)
      return archive.remove(all)
    }
    // Parts that the key does not open stay until their bytes are archived again.
    let end = log.end ?? 0
    archive.remove(all.filter { !log.pieces.contains($0) && $0.to ?? 0 <= end })
    for size in Self.sizes {
      let small = log.pieces.reversed().prefix { $0.length < size }
      guard small.count >= partsPerMerge else { continue }
      return try archive.merge(small.reversed(), isWhole: false)
    }
  }

  /// Finishes logs that the server has purged, when the archived part ends with a closing event.
  private func finishPurged(
    _ held: [String: ArchivedLog], before first: String?, _ pass: inout Pass
  ) {
    let first = first.flatMap(BinaryLogName.number) ?? 0
    for log in held.values.sorted(by: { $0.number < $1.number })
    where log.number < first && !log.isWhole && !log.pieces.isEmpty && !lost.contains(log.name) {
      if let read = try? archive.read(log), read.isClosed,
        (try? tidy(log.name, isOpen: false)) != nil
      {
        pass.copied.append(log.name)
      } else {
        lost.insert(log.name)
      }
    }
  }

  private func wholeSize(_ log: ArchivedLog) throws(BackupError) -> Int64 {
    if let end = log.end { return end }
    var info = stat()
    let path = "\(archive.path)/\(log.name)"
    guard lstat(path, &info) == 0 else { throw BackupFolder.failure("read", path) }
    return Int64(info.st_size)
  }

  private func differs(_ log: ArchivedLog?, _ size: Int64, _ onServer: Int64) -> BackupError {
    BackupError(
      .damaged,
      "\(archive.path)/\(log?.pieces.last?.file ?? "") reaches byte \(size) of its log, which has"
        + " \(onServer) bytes on the server",
      hint: "it is the log of another server, or the server has restarted its numbering:"
        + " name another folder with --dir")
  }
}
