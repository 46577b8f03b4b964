internal import Foundation
package import MariaDBClient

/// Copies of a server's closed binary logs beside the backups.
package struct BinaryLogArchive: Sendable {
  private static let folderName = "binary-logs"
  private static let unfinishedPrefix = ".unfinished-"

  private let folder: BackupFolder

  /// - Parameter folder: the folder of the backups.
  package init(folder: BackupFolder) { self.folder = folder }

  private var path: String { "\(folder.path)/\(Self.folderName)" }

  /// What an archiving did.
  package struct Outcome: Sendable {
    /// Logs copied now.
    package let copied: [String]
    /// Logs that were there already.
    package let present: Int
    /// Bytes copied.
    package let bytes: Int64
  }

  /// Copies every closed log that is not there yet.
  ///
  /// - Parameters:
  ///   - options: how to connect.
  ///   - flushes: whether the server begins a new log first, so that all until now is copied.
  /// - Throws: ``BackupError/Code/unsupported`` when the server writes no binary log.
  package func run(_ options: ConnectionOptions, flushes: Bool) async throws -> Outcome {
    let lock = try folder.lock()
    defer { _ = lock }
    let logs = try await Self.logs(on: options, flushes: flushes)
    let tool = try await ClientProgram.find(["mariadb-binlog", "mysqlbinlog"])
    if mkdir(path, 0o700) != 0, errno != EEXIST { throw BackupFolder.failure("make", path) }
    sweep()
    var copied: [String] = []
    var present = 0
    var bytes: Int64 = 0
    // The last log is the one that the server writes to.
    for (name, size) in logs.dropLast() {
      try Task.checkCancellation()
      if try isPresent(name, size: size) {
        present += 1
        continue
      }
      try await copy(name, size: size, with: tool, options)
      copied.append(name)
      bytes += size
    }
    return Outcome(copied: copied, present: present, bytes: bytes)
  }

  private static func logs(on options: ConnectionOptions, flushes: Bool) async throws
    -> [(name: String, size: Int64)]
  {
    var options = options
    options.database = nil
    let connection = try await Connection.open(options)
    do {
      let row = try await connection.query("SELECT @@log_bin AS is_on").rows.first
      guard row?.integer("is_on") == 1 else {
        throw BackupError(
          .unsupported, "the server writes no binary log",
          hint: "start it with log_bin, or the embedded one with"
            + " `payops server start --binary-log`")
      }
      if flushes { try await connection.execute("FLUSH BINARY LOGS") }
      let logs = try await connection.query("SHOW BINARY LOGS").rows.map {
        (name: $0.text(at: 0) ?? "", size: $0.text(at: 1).flatMap { Int64($0) } ?? 0)
      }
      await connection.close()
      return logs
    } catch {
      await connection.close()
      throw error
    }
  }

  /// Whether a log is in the archive; one of the same name and another size is not the same.
  private func isPresent(_ name: String, size: Int64) throws(BackupError) -> Bool {
    var info = stat()
    guard stat("\(path)/\(name)", &info) == 0 else { return false }
    guard Int64(info.st_size) == size else {
      throw BackupError(
        .damaged, "\(path)/\(name) has \(info.st_size) bytes, on the server it has \(size)",
        hint: "it is the log of another server, or the server has begun to count anew:"
          + " name another folder with --dir")
    }
    return true
  }

  private func copy(
    _ name: String, size: Int64, with tool: ClientProgram, _ options: ConnectionOptions
  ) async throws {
    guard BinaryLogName.number(name) != nil else {
      throw BackupError(.unsupported, "the server has a binary log with the name \(name)")
    }
    // The tool adds the name of the log to what it is told.
    let prefix = "\(path)/\(Self.unfinishedPrefix)"
    try await tool.run(
      ["--read-from-remote-server", "--raw", "--result-file=\(prefix)", "--", name],
      options: options
    ) { _ in }
    FaultPoint.reach("archive.copied")
    // A server that crashed has ended its log without a closing event; as there is a later log, the
    // one with the server's own size is whole.
    _ = try BinaryLog(path: prefix + name)
    var info = stat()
    guard stat(prefix + name, &info) == 0, Int64(info.st_size) == size else {
      throw BackupError(.damaged, "the copy of \(name) is not whole")
    }
    guard rename(prefix + name, "\(path)/\(name)") == 0 else {
      throw BackupFolder.failure("publish", "\(path)/\(name)")
    }
    try BackupFolder.synchronise("\(path)/\(name)", isFolder: false)
    try BackupFolder.synchronise(path)
  }

  private func sweep() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in names where name.hasPrefix(Self.unfinishedPrefix) {
      guard BinaryLogName.number(String(name.dropFirst(Self.unfinishedPrefix.count))) != nil
      else { continue }
      unlink("\(path)/\(name)")
    }
  }

  /// Deletes the logs that lead from no backup: those before the first place that one was taken at.
  ///
  /// - Returns: names of the logs that are gone; none while a manifest cannot be read, whose backup
  ///   may need them, and none of a server of which no backup is there.
  @discardableResult
  package func expire() throws -> [String] {
    let lock = try folder.lock()
    defer { _ = lock }
    let contents = try folder.contents()
    guard contents.unreadable.isEmpty else { return [] }
    var first: [String: Int] = [:]
    for position in contents.backups.compactMap(\.position) {
      guard let number = BinaryLogName.number(position.file) else { continue }
      let base = BinaryLogName.base(position.file)
      first[base] = min(first[base] ?? .max, number)
    }
    var gone: [String] = []
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in names.sorted() {
      guard let number = BinaryLogName.number(name), let needed = first[BinaryLogName.base(name)],
        number < needed
      else { continue }
      guard unlink("\(path)/\(name)") == 0 else {
        throw BackupFolder.failure("delete", "\(path)/\(name)")
      }
      gone.append(name)
    }
    return gone
  }

  /// The logs that lead from a place to a moment.
  ///
  /// - Parameters:
  ///   - position: where the backup stood.
  ///   - instant: seconds since 1970 up to which the logs must reach; nil for all that there is.
  /// - Returns: paths of the logs in their order.
  /// - Throws: ``BackupError/Code/logGap``.
  func logs(from position: BackupManifest.LogPosition, to instant: Int64?) throws(BackupError)
    -> [String]
  {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    guard let start = BinaryLogName.number(position.file) else {
      throw BackupError(.logGap, "\(position.file) is no name of a binary log")
    }
    let base = position.file.split(separator: ".").dropLast()
    let numbered = names.filter { $0.split(separator: ".").dropLast() == base }
      .compactMap { name in BinaryLogName.number(name).map { (number: $0, name: name) } }
      .filter { $0.number >= start }.sorted { $0.number < $1.number }
    var paths: [String] = []
    for (offset, log) in numbered.enumerated() {
      guard log.number == start + offset else {
        throw missing(position.file, after: paths.last, number: start + offset)
      }
      let read = try BinaryLog(path: "\(path)/\(log.name)")
      paths.append("\(path)/\(log.name)")
      if let instant, read.lastInstant >= instant { return paths }
    }
    guard !paths.isEmpty else { throw missing(position.file, after: nil, number: start) }
    guard let instant, let last = paths.last else { return paths }
    let end = try BinaryLog(path: last).lastInstant
    throw BackupError(
      .logGap,
      "the archived logs end at \(Timestamp.text(end)), before \(Timestamp.text(instant))",
      hint: "run `payops backup archive-logs --flush`, then the same command again")
  }

  private func missing(_ file: String, after last: String?, number: Int) -> BackupError {
    let base = file.split(separator: ".").dropLast().joined(separator: ".")
    let digits = String(repeating: "0", count: max(0, 6 - "\(number)".count)) + "\(number)"
    return BackupError(
      .logGap, "the binary log \(base).\(digits) is not in \(path)",
      hint: "run `payops backup archive-logs`; what the server has purged cannot be brought back")
  }
}
