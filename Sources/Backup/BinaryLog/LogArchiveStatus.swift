internal import Foundation

/// How far the archive of one server's logs reaches, kept beside them.
///
/// It records what the files do not show: that there was nothing more to archive. A restore does
/// not use it.
package struct LogArchiveStatus: Codable, Sendable, Equatable {
  /// Version of this format.
  private var format = 1
  /// The newest archived log.
  package let log: String
  /// The position after its last archived byte.
  package let position: Int64
  /// Instant of the newest archived event, seconds since 1970; nil when unknown.
  package let eventEpoch: Int64?
  /// Instant at which everything that the server had written was archived, seconds since 1970.
  package let reachedEpoch: Int64

  init(log: String, position: Int64, eventEpoch: Int64?, reachedEpoch: Int64) {
    self.log = log
    self.position = position
    self.eventEpoch = eventEpoch
    self.reachedEpoch = reachedEpoch
  }

  /// The name of the logs without their number.
  package var base: String { BinaryLogName.base(log) }
}

extension BinaryLogArchive {
  private func statusPath(of base: String) -> String { "\(path)/status-\(base).json" }

  /// How far the archived logs of a server reach.
  ///
  /// - Returns: nil without a log of it. Without a status, as in archives of earlier versions,
  ///   the time of the newest file counts.
  func status(of base: String) -> LogArchiveStatus? {
    guard let newest = logs(of: base).last else { return nil }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    if let data = try? StoredFile.contents(statusPath(of: base), limit: 1 << 16),
      let status = try? decoder.decode(LogArchiveStatus.self, from: data), status.base == base,
      Self.isThere(status, newest)
    {
      return status
    }
    var info = stat()
    guard let piece = newest.pieces.last ?? newest.rest.last,
      lstat("\(path)/\(piece.file)", &info) == 0
    else { return nil }
    return LogArchiveStatus(
      log: newest.name, position: piece.to ?? Int64(info.st_size), eventEpoch: nil,
      reachedEpoch: Int64(info.st_mtim.tv_sec))
  }

  /// Whether a status claims no more than the files hold.
  private static func isThere(_ status: LogArchiveStatus, _ newest: ArchivedLog) -> Bool {
    guard status.log == newest.name else {
      return BinaryLogName.number(status.log) ?? .max < newest.number
    }
    return newest.end.map { $0 >= status.position } ?? true
  }

  /// Records how far the logs of a server reach; after a failed write the old status claims too
  /// little, never too much.
  package func keep(_ status: LogArchiveStatus) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    guard let data = try? encoder.encode(status) else { return }
    let target = statusPath(of: status.base)
    let temporary = "\(path)/.status-\(status.base).json"
    guard (try? data.write(to: URL(filePath: temporary))) != nil else { return }
    rename(temporary, target)
  }
}
