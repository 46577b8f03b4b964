internal import Foundation

/// How files enter the archive: under a temporary name first, then renamed when they are complete
/// and on disk.
extension BinaryLogArchive {
  private static let unfinishedPrefix = ".unfinished-"
  private static let linkPrefix = ".stream-"
  private static let lockName = "lock"

  /// Takes the lock for archiving; nil when another process has it.
  ///
  /// It is separate from the lock of the backup folder, so that backups are made and rotated while
  /// a process follows a server.
  package func take() throws -> BackupFolder.Lock? {
    try folder.prepare()
    if mkdir(path, 0o700) != 0, errno != EEXIST { throw BackupFolder.failure("make", path) }
    guard let lock = try BackupFolder.Lock.take("\(path)/\(Self.lockName)") else { return nil }
    sweep()
    return lock
  }

  private func unfinished(_ log: String) -> String { "\(path)/\(Self.unfinishedPrefix)\(log)" }

  /// Makes a file name for a log that leads to the tool's standard output.
  func link(_ log: String) throws(BackupError) -> OutputLink {
    try OutputLink(log, prefix: "\(path)/\(Self.linkPrefix)")
  }

  /// Opens the file in which a log, or a part of one, is built.
  func writer(log: String, from: Int64?) throws -> BackupWriter {
    try BackupWriter(
      path: unfinished(log), id: ArchivedPiece.context(log: log, from: from),
      front: ArchivedLogReader.front(key), compression: CompressionSettings(threads: 0), key: key)
  }

  /// Gives a finished file its name.
  ///
  /// - Returns: the name.
  func publish(log: String, from: Int64?, to: Int64) throws(BackupError) -> String {
    let name = ArchivedPiece.file(log: log, from: from, to: to, isEncrypted: key != nil)
    guard rename(unfinished(log), "\(path)/\(name)") == 0 else {
      throw BackupFolder.failure("publish", "\(path)/\(name)")
    }
    try BackupFolder.synchronise(path)
    FaultPoint.reach("archive.published")
    return name
  }

  /// Removes the file in which a log is built.
  func discardUnfinished(_ log: String) { unlink(unfinished(log)) }

  /// Joins consecutive parts into one file, which replaces them.
  ///
  /// - Parameters:
  ///   - parts: the parts.
  ///   - isWhole: whether they make up the whole log.
  package func merge(_ parts: [ArchivedPiece], isWhole: Bool) throws {
    guard let first = parts.first, let end = parts.last?.to else { return }
    do {
      let writer = try writer(log: first.log, from: isWhole ? nil : first.from)
      for part in parts { try reader.read(part) { try writer.write($0) } }
      _ = try writer.finish()
      _ = try publish(log: first.log, from: isWhole ? nil : first.from, to: end)
    } catch {
      discardUnfinished(first.log)
      throw error
    }
    FaultPoint.reach("archive.merged")
    remove(parts)
  }

  /// Removes files whose contents other files hold.
  package func remove(_ pieces: [ArchivedPiece]) {
    for piece in pieces { unlink("\(path)/\(piece.file)") }
  }

  /// Removes files that killed runs left: only names that payops itself gives.
  private func sweep() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in names {
      for prefix in [Self.unfinishedPrefix, Self.linkPrefix] where name.hasPrefix(prefix) {
        guard BinaryLogName.number(String(name.dropFirst(prefix.count))) != nil else { continue }
        unlink("\(path)/\(name)")
      }
    }
  }
}

/// A file name for a log that leads to the standard output of the process that opens it: the tool
/// writes logs only into files, and a log to be encrypted must never be on disk in plain.
final class OutputLink: Sendable {
  /// The prefix of its file name that the tool gets; the tool appends the name of the log.
  package let prefix: String
  private let path: String
  private let folder: String?

  /// - Parameters:
  ///   - log: name of the log.
  ///   - prefix: start of a path; a temporary one replaces it where no link can be made there.
  init(_ log: String, prefix: String) throws(BackupError) {
    if symlink("/dev/fd/1", prefix + log) == 0 {
      self.prefix = prefix
      path = prefix + log
      folder = nil
      return
    }
    let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()
    var template = Array("\(parent)/payops-logs-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw BackupFolder.failure("make a folder in", parent) }
    let made = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    self.prefix = made + "/"
    path = made + "/" + log
    folder = made
    guard symlink("/dev/fd/1", path) == 0 else { throw BackupFolder.failure("make", path) }
  }

  deinit {
    unlink(path)
    if let folder { rmdir(folder) }
  }
}
