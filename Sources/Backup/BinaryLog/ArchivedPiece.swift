internal import Foundation

/// A file of the log archive: a whole binary log, or a part of one.
///
/// `binlog.000012` is a log as earlier versions copied it, `binlog.000012.73211.zst` a whole log of
/// 73211 bytes, `binlog.000012.4096-8192.zst` the bytes from 4096 up to 8192 of one that is not
/// finished. What is encrypted ends with `.zst.enc`.
package struct ArchivedPiece: Sendable, Equatable {
  /// Name of the file.
  package let file: String
  /// Name of the log on its server.
  package let log: String
  /// First byte of the log that it holds.
  package let from: Int64
  /// The log position after its last byte; nil for a plain log, whose file size gives it.
  package let to: Int64?
  /// Whether it holds the log from its first byte to its last.
  let isWhole: Bool
  /// Whether it is compressed; only the plain logs of earlier versions are not.
  let isPacked: Bool
  /// Whether it can be read only with a key.
  let isEncrypted: Bool

  /// Bytes of the log that it holds; 0 for a plain log.
  var length: Int64 { (to ?? from) - from }

  /// Reads the name of a file.
  ///
  /// - Returns: nil when the name does not have the form that payops writes.
  init?(file: String) {
    self.file = file
    if BinaryLogName.number(file) != nil {
      (log, from, to, isWhole, isPacked, isEncrypted) = (file, 0, nil, true, false, false)
      return
    }
    let form = #/([A-Za-z0-9_.-]+\.[0-9]{6,10})\.(?:([0-9]{1,18})-)?([0-9]{1,18})\.zst(\.enc)?/#
    guard let match = file.wholeMatch(of: form), let end = Int64(match.3) else { return nil }
    let begin = match.2.flatMap { Int64($0) }
    guard begin ?? 0 < end else { return nil }
    log = String(match.1)
    from = begin ?? 0
    to = end
    isWhole = begin == nil
    isPacked = true
    isEncrypted = match.4 != nil
  }

  /// The name of a packed file.
  ///
  /// - Parameters:
  ///   - log: name of the log.
  ///   - from: first byte; nil for a whole log.
  ///   - to: the position after the last byte.
  ///   - isEncrypted: whether a key is needed.
  package static func file(log: String, from: Int64?, to: Int64, isEncrypted: Bool) -> String {
    "\(log).\(from.map { "\($0)-" } ?? "")\(to).zst\(isEncrypted ? ".enc" : "")"
  }

  /// Text that is authenticated with every piece of the encrypted file, so that a renamed file is
  /// refused; the stream itself marks its end. No backup has such a name.
  static func context(log: String, from: Int64?) -> String {
    from.map { "log \(log) from \($0)" } ?? "log \(log) whole"
  }

  /// See ``context(log:from:)``.
  var context: String { Self.context(log: log, from: isWhole ? nil : from) }
}

/// What the archive holds of one log.
package struct ArchivedLog: Sendable, Equatable {
  /// Name of the log.
  package let name: String
  /// Its number.
  package let number: Int
  /// The files, in the order in which they are read; the last may be followed by a gap.
  let pieces: [ArchivedPiece]
  /// Files that are not read: other files hold the same bytes, or they follow a gap.
  package let rest: [ArchivedPiece]

  /// Whether the whole log is archived.
  var isWhole: Bool { pieces.first?.isWhole == true }
  /// The position after the last readable byte; nil for a plain log.
  package var end: Int64? { pieces.last.map(\.to) ?? 0 }

  /// Start and end of the first missing part; nil without a gap between parts.
  var gap: (from: Int64, to: Int64)? {
    guard !isWhole, let next = rest.map(\.from).filter({ $0 > end ?? 0 }).min() else { return nil }
    return (end ?? 0, next)
  }

  /// Chooses what to read.
  ///
  /// - Parameters:
  ///   - name: name of the log.
  ///   - pieces: its files that may be read.
  package init(name: String, pieces: [ArchivedPiece]) {
    self.name = name
    number = BinaryLogName.number(name) ?? 0
    var chosen: [ArchivedPiece] = []
    // Compressed before plain: a plain file exists for a moment after its replacement appears.
    if let whole = pieces.filter(\.isWhole).max(by: { Self.rank($0) < Self.rank($1) }) {
      chosen = [whole]
    } else {
      var end: Int64 = 0
      while let next = pieces.filter({ $0.from == end }).max(by: { Self.rank($0) < Self.rank($1) })
      {
        chosen.append(next)
        end = next.to ?? end
      }
    }
    self.pieces = chosen
    rest = pieces.filter { !chosen.contains($0) }
  }

  /// Encrypted before plain, then the longest first.
  private static func rank(_ piece: ArchivedPiece) -> Int64 {
    (piece.to ?? 0) + (piece.isEncrypted ? 1 << 61 : 0)
  }
}

/// The number at the end of a log's name; logs of one server are numbered without gaps.
enum BinaryLogName {
  /// The name without its number.
  static func base(_ name: String) -> String {
    name.split(separator: ".").dropLast().joined(separator: ".")
  }

  /// The number at the end of the name of a log; nil for other names.
  package static func number(_ name: String) -> Int? {
    name.wholeMatch(of: #/[A-Za-z0-9_.-]+\.(\d{6,10})/#).flatMap { Int($0.1) }
  }

  /// The name of the log with a number.
  package static func name(base: String, number: Int) -> String {
    let digits = "\(number)"
    return base + "." + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }
}
