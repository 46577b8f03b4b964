internal import Foundation

/// Copies of a server's binary logs beside the backups.
package struct BinaryLogArchive: Sendable {
  private static let folderName = "binary-logs"

  /// The folder of the backups.
  package let folder: BackupFolder
  let reader: ArchivedLogReader

  /// - Parameters:
  ///   - folder: the folder of the backups.
  ///   - key: encrypts archived logs, and is needed to read them; nil for plain logs.
  ///   - allowsPlain: whether, with a key, logs that earlier versions copied without encryption
  ///     are read, too.
  package init(folder: BackupFolder, key: EncryptionKey? = nil, allowsPlain: Bool = false) {
    self.folder = folder
    reader = ArchivedLogReader(
      path: "\(folder.path)/\(Self.folderName)", key: key, allowsPlain: allowsPlain)
  }

  /// The folder of the logs.
  package var path: String { reader.path }
  /// The key of encrypted logs; nil for logs in plain.
  package var key: EncryptionKey? { reader.key }

  // MARK: - Contents

  /// All files, readable or not.
  func pieces() -> [ArchivedPiece] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
      .compactMap { ArchivedPiece(file: $0) }
  }

  /// The logs of a server, in their order.
  ///
  /// - Parameters:
  ///   - base: the name of its logs without the number.
  ///   - accepts: whether a file may be read.
  package func logs(of base: String, where accepts: (ArchivedPiece) -> Bool = { _ in true })
    -> [ArchivedLog]
  {
    let own = pieces().filter { BinaryLogName.base($0.log) == base }
    return Dictionary(grouping: own, by: \.log)
      .map { ArchivedLog(name: $0, pieces: $1.filter(accepts)) }
      .sorted { $0.number < $1.number }
  }

  // MARK: - Expiry

  /// The first log of each server that a backup needs, by the name without its number.
  ///
  /// - Returns: nil while a manifest cannot be read: its backup may need any log.
  func firstNeeded() throws -> [String: Int]? {
    let contents = try folder.contents()
    guard contents.unreadable.isEmpty else { return nil }
    var first: [String: Int] = [:]
    for position in contents.backups.compactMap(\.position) {
      guard let number = BinaryLogName.number(position.file) else { continue }
      let base = BinaryLogName.base(position.file)
      first[base] = min(first[base] ?? .max, number)
    }
    return first
  }

  /// Deletes the logs that no backup needs: those before the position of the oldest backup.
  ///
  /// It needs no lock against archiving: logs that are archived now are newer than all of these.
  ///
  /// - Returns: names of the deleted logs. Nothing is deleted while a manifest cannot be read, as
  ///   its backup may need them, nor for a server without a backup.
  @discardableResult
  package func expire() throws -> [String] {
    let lock = try folder.lock()
    defer { _ = lock }
    guard let first = try firstNeeded() else { return [] }
    var gone: Set<String> = []
    for piece in pieces() {
      guard let number = BinaryLogName.number(piece.log),
        let needed = first[BinaryLogName.base(piece.log)], number < needed
      else { continue }
      guard unlink("\(path)/\(piece.file)") == 0 || errno == ENOENT else {
        throw BackupFolder.failure("delete", "\(path)/\(piece.file)")
      }
      gone.insert(piece.log)
    }
    return gone.sorted()
  }

  // MARK: - Reading

  /// The logs from a position to a moment, each read to its end.
  ///
  /// - Parameters:
  ///   - position: the log position of the backup.
  ///   - instant: seconds since 1970 up to which the logs must reach; nil for everything archived.
  /// - Returns: the logs in their order.
  /// - Throws: ``BackupError/Code/logGap``, or the error of a damaged or unreadable log.
  package func logs(from position: BackupManifest.LogPosition, to instant: Int64?) throws
    -> [ArchivedLog]
  {
    guard let start = BinaryLogName.number(position.file) else {
      throw BackupError(.logGap, "\(position.file) is not the name of a binary log")
    }
    let base = BinaryLogName.base(position.file)
    let all = logs(of: base).filter { $0.number >= start }
    var found: [ArchivedLog] = []
    var end: Int64 = 0
    for (offset, log) in all.enumerated() {
      guard log.number == start + offset else {
        throw missing(BinaryLogName.name(base: base, number: start + offset))
      }
      guard !log.pieces.isEmpty else { throw missingPart(log) }
      let read = try read(log)
      found.append(log)
      end = read.lastInstant
      if let instant, end >= instant { return found }
      // Only the newest log may be one that the server still writes to.
      if log.gap != nil || (!log.isWhole && offset < all.count - 1) { throw missingPart(log) }
    }
    guard !found.isEmpty else { throw missing(BinaryLogName.name(base: base, number: start)) }
    guard let instant else { return found }
    throw BackupError(
      .logGap,
      "the archived logs end at \(Timestamp.text(end)), before \(Timestamp.text(instant))",
      hint: "run `payops backup archive-logs`, then the same command again")
  }

  /// Reads a log to its last archived byte.
  package func read(_ log: ArchivedLog) throws -> BinaryLog {
    try BinaryLog(name: log.name, checksPlaces: log.pieces.allSatisfy(\.isPacked)) {
      try reader.read(log, $0)
    }
  }

  /// Writes a log in its original form, for programs that read only that.
  ///
  /// - Parameters:
  ///   - log: the log.
  ///   - directory: where it goes.
  /// - Returns: path of the log; the archived file itself when it is plain.
  package func unpack(_ log: ArchivedLog, into directory: String) throws -> String {
    if let only = log.pieces.first, !only.isPacked {
      // The rule for plain logs holds here, too.
      try reader.read(only) { _ in }
      return "\(path)/\(only.file)"
    }
    let target = "\(directory)/\(log.name)"
    let descriptor = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw BackupFolder.failure("write", target) }
    defer { close(descriptor) }
    try reader.read(log) { bytes in
      var rest = bytes
      while !rest.isEmpty {
        let count = write(descriptor, rest.baseAddress, rest.count)
        guard count > 0 || errno == EINTR else { throw BackupFolder.failure("write", target) }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(max(0, count)))
      }
    }
    return target
  }

  /// Checks that there is room for the uncompressed logs.
  package func checkSpace(for logs: [ArchivedLog]) throws(BackupError) {
    let needed = logs.flatMap(\.pieces).reduce(0) { $0 + $1.length }
    guard let free = folder.freeBytes, free < needed else { return }
    throw BackupError(
      .noSpace,
      "\(folder.path) has \(free >> 20) MiB free; unpacking the logs there takes"
        + " \((needed >> 20) + 1) MiB",
      hint: "free some space; nothing was changed")
  }

  private func missing(_ log: String) -> BackupError {
    BackupError(
      .logGap, "the binary log \(log) is not in \(path)",
      hint: "run `payops backup archive-logs`; logs that the server has purged are lost")
  }

  private func missingPart(_ log: ArchivedLog) -> BackupError {
    let place =
      log.gap.map { "its bytes \($0.from) to \($0.to) are missing" }
      ?? "everything after its byte \(log.end ?? 0) is missing"
    return BackupError(
      .logGap, "the binary log \(log.name) is incomplete in \(path): \(place)",
      hint: "run `payops backup archive-logs`; logs that the server has purged are lost")
  }
}
