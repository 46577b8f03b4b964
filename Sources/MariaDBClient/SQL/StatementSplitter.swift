internal import Foundation

/// Splits a stream of text for the `mariadb` client into statements.
///
/// It reads as the client does: quotes, comments, the client's own command DELIMITER, and the
/// `sql_mode` that the statements set. Comments alone are not a statement.
package struct StatementSplitter: Sendable {
  /// The source of a text.
  package enum Source: Sendable {
    /// A file that people wrote: comments before a statement belong to it.
    case script
    /// mariadb-dump or mariadb-binlog: comments between statements are dropped, and an INSERT ends
    /// with its line, because the tools write line ends inside values as `\n`.
    case tool
  }

  private static let insert = Array("INSERT INTO".utf8)
  private static let command = Array("delimiter".utf8)
  private static let mode = Array("sql_mode".utf8)

  private let source: Source
  private var pending: [UInt8] = []
  private var scanner = SQLScanner(delimiter: [UInt8(ascii: ";")])
  private var tracker = SyntaxTracker()
  /// Where the statement begins.
  private var begin = 0
  /// How far the end of an INSERT was searched for; nil in any other statement.
  private var insertScan: Int?
  /// Whether anything but comments and white space follows the last delimiter.
  private var hasCode = false
  private var isAtLineStart = true

  /// Starts at the beginning of a text.
  package init(_ source: Source) { self.source = source }

  /// The statements of a complete text, without white space around them; the last one need not have
  /// a delimiter.
  package static func statements(of text: String) -> [String] {
    var splitter = StatementSplitter(.script)
    var statements: [String] = []
    func add(_ bytes: [UInt8]) {
      let blanks: ClosedRange<UInt8> = 1...0x20
      let front = bytes.drop { blanks.contains($0) }
      let end = front.lastIndex { !blanks.contains($0) }.map { $0 + 1 } ?? front.startIndex
      statements.append(String(decoding: front[..<end], as: UTF8.self))
    }
    var text = text
    text.withUTF8 { splitter.update(UnsafeRawBufferPointer($0), add) }
    _ = splitter.finish(add)
    return statements
  }

  /// Adds bytes, and passes on each statement that they complete, without its delimiter.
  package mutating func update<E: Error>(
    _ bytes: UnsafeRawBufferPointer, _ onStatement: ([UInt8]) throws(E) -> Void
  ) throws(E) {
    pending.append(contentsOf: bytes)
    try run(isLast: false, onStatement)
    pending.removeFirst(begin)
    scanner.dropFirst(begin)
    insertScan = insertScan.map { $0 - begin }
    begin = 0
  }

  /// Ends the text; of a script, passes on a last statement without a delimiter.
  ///
  /// - Returns: whether the text ended between two statements.
  package mutating func finish<E: Error>(
    _ onStatement: ([UInt8]) throws(E) -> Void
  ) throws(E) -> Bool {
    try run(isLast: true, onStatement)
    if hasCode, source == .script { try onStatement(Array(pending[begin...])) }
    return !hasCode && insertScan == nil && !scanner.isUnfinished
  }

  private mutating func run<E: Error>(
    isLast: Bool, _ onStatement: ([UInt8]) throws(E) -> Void
  ) throws(E) {
    while true {
      if insertScan == nil, beginsInsert { insertScan = begin + Self.insert.count }
      if insertScan != nil {
        guard let end = endOfInsert() else { return }
        let statement = Array(pending[begin..<end - 2])
        startStatement(at: end)
        isAtLineStart = true
        try onStatement(statement)
        continue
      }
      let found = pending.withUnsafeBufferPointer { scanner.next(in: $0, isLast: isLast) }
      guard let (part, range) = found else { return }
      switch part {
      case .delimiter:
        let statement = hasCode ? Array(pending[begin..<range.lowerBound]) : []
        startStatement(at: range.upperBound)
        guard !statement.isEmpty else { continue }
        follow(statement)
        try onStatement(statement)
      case _ where hasCode: break
      case .blank, .lineComment, .comment: passOver(part, range)
      case .codeBegin where isSandboxMark(range): scanner.skipCode()
      case .word where isAtLineStart && isCommand(range):
        guard takeDelimiter(range, isLast: isLast) else { return }
      default: hasCode = true
      }
    }
  }

  private mutating func startStatement(at place: Int) {
    begin = place
    scanner.resume(at: place)
    insertScan = nil
    hasCode = false
    isAtLineStart = false
  }

  /// Skips text between statements.
  private mutating func passOver(_ part: SQLScanner.Part, _ range: Range<Int>) {
    switch part {
    case .lineComment: isAtLineStart = true
    case .blank: isAtLineStart = isAtLineStart || pending[range].contains(0x0a)
    default: isAtLineStart = false
    }
    if source == .tool { begin = range.upperBound }
  }

  /// Whether a comment is the line at the front of a dump that servers refuse.
  private func isSandboxMark(_ range: Range<Int>) -> Bool {
    pending[range.upperBound...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "-")])
  }

  // MARK: - INSERT

  private var beginsInsert: Bool {
    source == .tool && !hasCode && scanner.start == begin
      && scanner.delimiter == [UInt8(ascii: ";")] && pending[begin...].starts(with: Self.insert)
  }

  /// The position after the line end of an INSERT statement; nil when not received yet.
  private mutating func endOfInsert() -> Int? {
    var place = insertScan ?? begin
    while place < pending.count {
      let found = pending.withUnsafeBytes { bytes -> Int? in
        guard let base = bytes.baseAddress else { return nil }
        return memchr(base + place, 0x0a, bytes.count - place).map { UnsafeRawPointer($0) - base }
      }
      guard let found else { break }
      if pending[found - 1] == UInt8(ascii: ";") { return found + 1 }
      place = found + 1
    }
    insertScan = pending.count
    return nil
  }

  // MARK: - DELIMITER

  private func isCommand(_ range: Range<Int>) -> Bool {
    range.count == Self.command.count
      && zip(pending[range], Self.command).allSatisfy { $0 | 0x20 == $1 }
      && (range.upperBound == pending.count || pending[range.upperBound] <= 0x20)
  }

  /// Applies the first word after the command; false when its line is not complete yet.
  private mutating func takeDelimiter(_ range: Range<Int>, isLast: Bool) -> Bool {
    let rest = pending[range.upperBound...]
    guard let end = rest.firstIndex(of: 0x0a) ?? (isLast ? pending.count : nil) else {
      scanner.resume(at: range.lowerBound)
      return false
    }
    let word = rest[..<end].drop { $0 <= 0x20 }.prefix { $0 > 0x20 }
    if !word.isEmpty { scanner.delimiter = Array(word) }
    startStatement(at: min(end + 1, pending.count))
    isAtLineStart = true
    return true
  }

  // MARK: - Mode

  /// Tracks the mode: a dump sets it before each body and restores it afterwards.
  private mutating func follow(_ statement: [UInt8]) {
    guard statement.count < 1000, Self.namesMode(statement),
      let tokens = try? SQLToken.tokens(of: statement, syntax: scanner.syntax)
    else { return }
    tracker.follow(tokens)
    scanner.syntax = tracker.syntax
  }

  /// Whether `sql_mode` occurs at all, in any case: most statements do not contain it.
  private static func namesMode(_ statement: [UInt8]) -> Bool {
    guard statement.count >= mode.count else { return false }
    return (0...(statement.count - mode.count)).contains { start in
      mode.indices.allSatisfy { statement[start + $0] | 0x20 == mode[$0] | 0x20 }
    }
  }
}
