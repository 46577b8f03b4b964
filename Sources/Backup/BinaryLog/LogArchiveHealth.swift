internal import Foundation

/// What the archive of binary logs is worth: how much would be lost now, and whether a restore can
/// get there.
package struct LogArchiveHealth: Sendable {
  /// How far the archive has come.
  package let status: LogArchiveStatus
  /// Seconds since all that the server had written was archived: what was written in them would be
  /// lost; negative when it is dated in the future.
  package let ageSeconds: Int64
  /// Logs since the newest verified backup that are not there, or not whole.
  package let missing: [String]
  /// What else is wrong, a sentence each.
  package let problems: [String]

  /// Looks at the archive beside the backups.
  ///
  /// - Parameters:
  ///   - archive: the archive.
  ///   - backup: the newest backup that is known to be good; nil without one.
  ///   - readsAll: whether the logs since the backup are read to their end, as far as the key opens
  ///     them.
  ///   - now: seconds since 1970.
  /// - Returns: nil when no log is archived of the server that the backup is of.
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
        "the archived logs end before \(backup.id), which stands in \(position.file)")
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

  /// What is wrong with the files of a log.
  private static func damage(
    of log: ArchivedLog, in archive: BinaryLogArchive, _ readsAll: Bool
  ) -> String? {
    for piece in log.pieces {
      var info = stat()
      guard lstat("\(archive.path)/\(piece.file)", &info) == 0, info.st_mode & S_IFMT == S_IFREG,
        info.st_size > 0
      else { return "the archived log \(piece.file) is empty, or no file" }
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

  /// Everything that is wrong, a sentence each.
  package var allProblems: [String] {
    guard let first = missing.first else { return problems }
    let others = missing.count > 1 ? " and \(missing.count - 1) more" : ""
    return [
      "the binary log \(first)\(others) since the newest verified backup is missing or not whole"
    ] + problems
  }
}
