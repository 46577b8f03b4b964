internal import Foundation

/// Splits the text of a dump into statements while it streams by.
///
/// It reads as the `mariadb` client does: quotes, comments, and the client's own DELIMITER. Lines
/// of comment between statements and the sandbox line at the front, which old servers refuse, are
/// dropped. INSERT statements are found by their line end alone: the dump tool writes line ends
/// inside values as `\n`.
struct StatementSplitter {
  private enum Place {
    case start, insert, code
    case quoted(UInt8)
    case lineComment, blockComment
  }

  private static let insert = Array("INSERT INTO".utf8)
  private static let delimiterCommand = Array("DELIMITER ".utf8)
  private static let sandboxMarks = [Array("/*!999999\\-".utf8), Array("/*M!999999\\-".utf8)]
  /// Bytes after which the kind of a statement is known.
  private static let front = 16

  private var pending: [UInt8] = []
  private var begin = 0
  private var scan = 0
  private var place = Place.start
  private var delimiter = Array(";".utf8)
  /// Whether a backslash escapes in quotes, by the mode under which the next body was written.
  private var escapes = true

  /// Adds bytes, and hands on each statement that they complete, without its delimiter.
  mutating func update(
    _ bytes: UnsafeRawBufferPointer, _ onStatement: ([UInt8]) throws -> Void
  ) throws {
    pending.append(contentsOf: bytes)
    try run(isLast: false, onStatement)
    pending.removeFirst(begin)
    scan -= begin
    begin = 0
  }

  /// Ends the text.
  ///
  /// - Throws: ``BackupError/Code/damaged`` when it ends inside a statement.
  mutating func finish(_ onStatement: ([UInt8]) throws -> Void) throws {
    try run(isLast: true, onStatement)
    guard case .start = place, pending[begin...].allSatisfy({ $0 <= 0x20 }) else {
      throw BackupError(.damaged, "the dump ends inside a statement")
    }
  }

  private mutating func run(isLast: Bool, _ onStatement: ([UInt8]) throws -> Void) throws {
    while true {
      switch place {
      case .start:
        guard startStatement(isLast: isLast) else { return }
      case .insert:
        guard let end = endOfInsert() else { return }
        try onStatement(Array(pending[begin..<end - 2]))
        restart(at: end)
      case .code, .quoted, .lineComment, .blockComment:
        guard let end = endOfCode(isLast: isLast) else { return }
        let statement = Array(pending[begin..<end])
        restart(at: end + delimiter.count)
        readMode(of: statement)
        if statement.contains(where: { $0 > 0x20 }) { try onStatement(statement) }
      }
    }
  }

  /// Follows the SQL mode, which the dump sets before each body and puts back after it.
  private mutating func readMode(of statement: [UInt8]) {
    guard statement.count < 1000, Self.namesMode(statement) else { return }
    let text = String(decoding: statement, as: UTF8.self)
    guard let match = text.firstMatch(of: Self.sqlMode) else { return }
    escapes = !match.1.uppercased().contains("NO_BACKSLASH_ESCAPES")
  }

  /// Whether `sql_mode` is there at all, in letters of any case: of most statements it is not.
  private static func namesMode(_ statement: [UInt8]) -> Bool {
    guard statement.count >= mode.count else { return false }
    return (0...(statement.count - mode.count)).contains { start in
      mode.indices.allSatisfy { statement[start + $0] | 0x20 == mode[$0] | 0x20 }
    }
  }

  private static let mode = Array("sql_mode".utf8)
  private nonisolated(unsafe) static let sqlMode =
    #/(?i)\bSQL_MODE\s*=\s*('[^']*'|@\w+)/#

  private mutating func restart(at position: Int) {
    begin = position
    scan = position
    place = .start
  }

  /// Skips what lies between statements; false when more bytes are needed.
  private mutating func startStatement(isLast: Bool) -> Bool {
    while begin < pending.count, pending[begin] <= 0x20 { begin += 1 }
    scan = begin
    let left = pending.count - begin
    guard left >= Self.front || (isLast && left > 0) else { return false }
    let rest = pending[begin...]
    let isComment = rest.starts(with: Array("--".utf8)) && (left < 3 || pending[begin + 2] <= 0x20)
    if isComment || rest.first == UInt8(ascii: "#")
      || Self.sandboxMarks.contains(where: rest.starts)
    {
      guard let end = rest.firstIndex(of: 0x0a) else {
        if isLast { begin = pending.count }
        return isLast
      }
      begin = end + 1
      return true
    }
    if rest.starts(with: Self.delimiterCommand) {
      guard let end = rest.firstIndex(of: 0x0a) ?? (isLast ? pending.count : nil) else {
        return false
      }
      let word = pending[(begin + Self.delimiterCommand.count)..<end].filter { $0 > 0x20 }
      if !word.isEmpty { delimiter = Array(word) }
      begin = min(end + 1, pending.count)
      return true
    }
    place =
      delimiter == [UInt8(ascii: ";")] && rest.starts(with: Self.insert) ? .insert : .code
    return true
  }

  /// Just past the line end of an INSERT statement; nil when it is not there yet.
  private mutating func endOfInsert() -> Int? {
    while scan < pending.count {
      let found = pending.withUnsafeBytes { bytes -> Int? in
        guard let base = bytes.baseAddress else { return nil }
        return memchr(base + scan, 0x0a, bytes.count - scan).map { UnsafeRawPointer($0) - base }
      }
      guard let found else {
        scan = pending.count
        return nil
      }
      scan = found + 1
      if found > begin, pending[found - 1] == UInt8(ascii: ";") { return found + 1 }
    }
    return nil
  }

  /// Where the delimiter of a statement begins; nil when it is not there yet.
  private mutating func endOfCode(isLast: Bool) -> Int? {
    // Longest mark looked for: `/*M!` or the delimiter.
    let margin = isLast ? 0 : max(4, delimiter.count)
    while scan + margin < pending.count || (isLast && scan < pending.count) {
      let byte = pending[scan]
      switch place {
      case .quoted(let quote):
        if byte == UInt8(ascii: "\\"), escapes, quote != UInt8(ascii: "`") {
          scan += 2
        } else {
          scan += 1
          if byte == quote { place = .code }
        }
      case .lineComment:
        scan += 1
        if byte == 0x0a { place = .code }
      case .blockComment:
        if byte == UInt8(ascii: "*"), at(scan + 1) == UInt8(ascii: "/") {
          scan += 2
          place = .code
        } else {
          scan += 1
        }
      default:
        if pending[scan...].starts(with: delimiter) { return scan }
        if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "`") {
          place = .quoted(byte)
        } else if byte == UInt8(ascii: "#") {
          place = .lineComment
        } else if byte == UInt8(ascii: "-"), at(scan + 1) == UInt8(ascii: "-"),
          at(scan + 2) <= 0x20
        {
          place = .lineComment
        } else if byte == UInt8(ascii: "/"), at(scan + 1) == UInt8(ascii: "*"), !isCodeComment {
          place = .blockComment
          scan += 1
        }
        scan += 1
      }
    }
    return nil
  }

  /// Whether the comment at the scan position is code for some servers.
  private var isCodeComment: Bool {
    at(scan + 2) == UInt8(ascii: "!")
      || (at(scan + 2) == UInt8(ascii: "M") && at(scan + 3) == UInt8(ascii: "!"))
  }

  private func at(_ position: Int) -> UInt8 {
    position < pending.count ? pending[position] : 0
  }
}
