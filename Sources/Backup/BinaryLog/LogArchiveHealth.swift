internal import Foundation

/// Health of the archive of binary logs: how much a loss of the server would cost now, and whether
/// a restore can reach the end of the archive.
package struct LogArchiveHealth: Sendable {
  /// How far the archive reaches.
  package let status: LogArchiveStatus
  /// Seconds since everything that the server had written was archived: later writes would be
  /// lost; negative when it is dated in the future.
  package let ageSeconds: Int64
  /// Logs since the newest verified backup that are missing or incomplete.
  package let missing: [String]
  /// Other problems, one sentence each.
  package let problems: [String]

  /// Examines the archive beside the backups.
  ///
  /// - Parameters:
  ///   - archive: the archive.
  ///   - backup: the newest verified backup; nil without one.
  ///   - readsAll: whether the logs since the backup are read to their end, as far as the key opens
  ///     them.
  ///   - now: seconds since 1970.
  /// - Returns: nil when no log of the backup's server is archived.
  package init?(
    _ archive: BinaryLogArchive, since backup: BackupManifest?, readsAll: Bool = false, now: Int64
  ) {
    let position = backup?.position
    let bases =
      position.map { [BinaryLogName.base($0.file)] }
      ?? Set(archive.pieces().map { BinaryLogName.base($0.log) }).sorted()
    guard
      let status = bases.compactMap(archive.status).max(by: { $0.reachedEpoch < $1.reachedEpoch })
    else { return nil }
    self.status = status
    ageSeconds = now - status.reachedEpoch
    let logs = archive.logs(of: status.base)
    let newest = logs.last?.number ?? 0
    let start = position.flatMap { BinaryLogName.number($0.file) } ?? logs.first?.number ?? 0
    let needed = logs.filter { $0.number >= start }
    var problems: [String] = []
    if newest < start, let position, let backup {
      problems.append(
        "the archived logs end before \(backup.id), whose position is in \(position.file)")
    }
    var missing: [String] = []
    var next = start
    for log in needed {
      missing += (next..<log.number).prefix(1000).map {
        BinaryLogName.name(base: status.base, number: $0)
      }
      if log.pieces.isEmpty || log.gap != nil || (!log.isWhole && log.number < newest) {
        missing.append(log.name)
      }
      next = log.number + 1
    }
    self.missing = missing
    self.problems = problems + needed.compactMap { Self.damage(of: $0, in: archive, readsAll) }
  }

  /// The problem with the files of a log; nil without one.
  private static func damage(
    of log: ArchivedLog, in archive: BinaryLogArchive, _ readsAll: Bool
  ) -> String? {
    for piece in log.pieces {
      var info = stat()
      guard lstat("\(archive.path)/\(piece.file)", &info) == 0, info.st_mode & S_IFMT == S_IFREG,
        info.st_size > 0
      else { return "the archived log \(piece.file) is empty, or not a file" }
    }
    guard readsAll, archive.key != nil || !log.pieces.contains(where: \.isEncrypted) else {
      return nil
    }
    do {
      _ = try archive.read(log)
      return nil
    } catch {
      return (error as? BackupError)?.message ?? "the archived log \(log.name) cannot be read"
    }
  }

  /// All problems, one sentence each.
  package var allProblems: [String] {
    guard let first = missing.first else { return problems }
    let others = missing.count > 1 ? " and \(missing.count - 1) more" : ""
    return [
      "the binary log \(first)\(others) since the newest verified backup is missing or incomplete"
    ] + problems
  }
}
