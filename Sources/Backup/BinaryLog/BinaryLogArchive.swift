internal import Foundation

/// Copies of a server's binary logs beside the backups.
package struct BinaryLogArchive: Sendable {
  private static let folderName = "binary-logs"

  /// The folder of the backups.
  package let folder: BackupFolder
  let reader: ArchivedLogReader

  /// - Parameters:
  ///   - folder: the folder of the backups.
  ///   - key: encrypts what is archived, and is needed to read it; nil for logs without encryption.
  ///   - allowsPlain: whether logs that earlier versions copied without encryption are read under
  ///     the key, too.
  package init(folder: BackupFolder, key: EncryptionKey? = nil, allowsPlain: Bool = false) {
    self.folder = folder
    reader = ArchivedLogReader(
      path: "\(folder.path)/\(Self.folderName)", key: key, allowsPlain: allowsPlain)
  }

  /// The folder of the logs.
  package var path: String { reader.path }
  /// The key of encrypted logs; nil for logs in plain.
  package var key: EncryptionKey? { reader.key }

  // MARK: - What is there

  /// All files, whether they can be read or not.
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
  /// - Returns: nil while a manifest cannot be read, whose backup may need any of them.
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

  /// Deletes the logs that lead from no backup: those before the first place that one was taken at.
  ///
  /// It waits for nobody who archives: logs that are written now come after all of these.
  ///
  /// - Returns: names of the logs that are gone; none while a manifest cannot be read, whose backup
  ///   may need them, and none of a server of which no backup is there.
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

  /// The logs that lead from a place to a moment, read to their end.
  ///
  /// - Parameters:
  ///   - position: where the backup stood.
  ///   - instant: seconds since 1970 up to which the logs must reach; nil for all that there is.
  /// - Returns: the logs in their order.
  /// - Throws: ``BackupError/Code/logGap``, or what is wrong with a log.
  package func logs(from position: BackupManifest.LogPosition, to instant: Int64?) throws
    -> [ArchivedLog]
  {
    guard let start = BinaryLogName.number(position.file) else {
      throw BackupError(.logGap, "\(position.file) is no name of a binary log")
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

  /// Reads a log to the last byte that is there.
  package func read(_ log: ArchivedLog) throws -> BinaryLog {
    try BinaryLog(name: log.name, checksPlaces: log.pieces.allSatisfy(\.isPacked)) {
      try reader.read(log, $0)
    }
  }

  /// Writes a log as its server had it, for a program that reads no other.
  ///
  /// - Parameters:
  ///   - log: the log.
  ///   - directory: where it goes.
  /// - Returns: path of the log; that in the archive when it is plain there.
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

  /// Makes sure that there is room for the logs as their server had them.
  package func checkSpace(for logs: [ArchivedLog]) throws(BackupError) {
    let needed = logs.flatMap(\.pieces).reduce(0) { $0 + $1.length }
    guard let free = folder.freeBytes, free < needed else { return }
    throw BackupError(
      .noSpace,
      "\(folder.path) has \(free >> 20) MiB free; to unpack the logs there takes"
        + " \((needed >> 20) + 1) MiB",
      hint: "free some space; nothing was changed")
  }

  private func missing(_ log: String) -> BackupError {
    BackupError(
      .logGap, "the binary log \(log) is not in \(path)",
      hint: "run `payops backup archive-logs`; what the server has purged cannot be brought back")
  }

  private func missingPart(_ log: ArchivedLog) -> BackupError {
    let place =
      log.gap.map { "the bytes \($0.from) to \($0.to) of it are missing" }
      ?? "what follows byte \(log.end ?? 0) of it is missing"
    return BackupError(
      .logGap, "the binary log \(log.name) is not whole in \(path): \(place)",
      hint: "run `payops backup archive-logs`; what the server has purged cannot be brought back")
  }
}
