import Glibc
import PayopsCore

/// Splits a stream of bytes into records and fields (RFC 4180), in constant memory.
///
/// The fields of a record are valid until the next call of ``next()``. A text that is not a valid
/// record is returned as refused, with its line; the reader then continues with the next record.
final class CSVReader {
  /// The next part of the file.
  enum Element {
    /// A record; its fields are in the reader.
    case record
    /// A text that is not a valid record.
    case refused(RefusedRecord)
  }

  private struct Span {
    var start: Int
    var count: Int
    var isUnescaped: Bool
  }

  private enum Outcome {
    case complete(contentEnd: Int, next: Int)
    case needsMore
  }

  private let source: any ByteSource
  private let format: CSVFormat
  private let quote: Int32
  private var buffer: UnsafeMutablePointer<UInt8>
  /// Bytes that the reader holds at most so far.
  private(set) var capacity: Int
  private var start = 0
  private var limit = 0
  private var hasEnded = false
  private var hasBegun = false

  private var fields: [Span] = []
  private var unescaped: [UInt8] = []
  private var problem: String?
  private var newlinesInRecord: Int64 = 0
  private var contentEnd = 0
  private var nextLine: Int64 = 1

  /// Line on which the current record begins, from 1.
  private(set) var line: Int64 = 1
  /// Empty lines that were skipped.
  private(set) var blankLineCount: Int64 = 0
  /// Whether the last record ends without a line end.
  private(set) var endsWithoutNewline = false
  /// Whether empty lines are records of one empty field.
  var countsBlankLines = false

  /// Makes a reader.
  ///
  /// - Parameters:
  ///   - source: the bytes.
  ///   - format: how records are written.
  ///   - initialCapacity: initial bytes of the buffer.
  init(_ source: any ByteSource, format: CSVFormat, initialCapacity: Int = 1 << 18) {
    self.source = source
    self.format = format
    quote = Int32(format.quote ?? 0)
    capacity = max(initialCapacity, 16)
    buffer = .allocate(capacity: capacity)
  }

  deinit { buffer.deallocate() }

  /// The number of fields of the current record.
  var fieldCount: Int { fields.count }

  /// The bytes of a field of the current record, without quotes.
  func withField<T>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> T) rethrows -> T {
    let span = fields[index]
    if span.isUnescaped {
      return try unescaped.withUnsafeBufferPointer {
        try body(UnsafeBufferPointer(rebasing: $0[span.start..<span.start + span.count]))
      }
    }
    return try body(UnsafeBufferPointer(start: buffer + span.start, count: span.count))
  }

  /// A field of the current record as text.
  func text(_ index: Int) -> String {
    withField(index) { String(decoding: $0, as: UTF8.self) }
  }

  /// The current record as in the file, without its line end.
  var raw: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: buffer + start, count: contentEnd - start)
  }

  /// The current record as refused.
  func refuse(column: String? = nil, _ reason: String) -> RefusedRecord {
    RefusedRecord(
      line: line, column: column, reason: reason,
      raw: CardNumber.masked(
        UnsafeBufferPointer(rebasing: raw.prefix(RefusedRecord.maximumRawBytes))))
  }

  private var resumeAt: Int?

  /// Reads the next record.
  ///
  /// - Returns: the next record, or nil at the end of the file.
  /// - Throws: ``ImportError`` when the source fails or the file is not text in UTF-8.
  func next() throws(ImportError) -> Element? {
    if let resume = resumeAt { start = resume }
    resumeAt = nil
    if !hasBegun { try begin() }
    while true {
      if start == limit {
        if hasEnded { return nil }
        try refill()
        continue
      }
      line = nextLine
      switch parse() {
      case .needsMore:
        if limit - start > format.maximumRecordBytes { return .refused(try skipOversized()) }
        try refill()
      case .complete(let end, let next):
        contentEnd = end
        nextLine += newlinesInRecord + (next > end ? 1 : 0)
        if hasEnded, next == limit, next == end { endsWithoutNewline = true }
        resumeAt = next
        if end == start, !countsBlankLines {
          blankLineCount += 1
          start = next
          resumeAt = nil
          continue
        }
        if let reason = flaw() { return .refused(refuse(reason)) }
        return .record
      }
    }
  }

  // MARK: - Records

  /// Finds the end of the record at `start` and the fields in it.
  private func parse() -> Outcome {
    fields.removeAll(keepingCapacity: true)
    unescaped.removeAll(keepingCapacity: true)
    problem = nil
    newlinesInRecord = 0
    let delimiter = format.delimiter
    let hasQuote = format.quote != nil
    let quoteByte = format.quote ?? 0
    var position = start
    while true {
      let fieldStart = position
      if hasQuote, position < limit, buffer[position] == quoteByte {
        guard let end = parseQuoted(from: position + 1) else { return .needsMore }
        position = end
      }
      let tail = position
      while position < limit {
        let byte = buffer[position]
        if byte == delimiter || byte == 0x0a || byte == 0x0d { break }
        position += 1
      }
      if position == limit, !hasEnded { return .needsMore }
      if tail == fieldStart {
        fields.append(Span(start: fieldStart, count: position - fieldStart, isUnescaped: false))
      } else if position > tail, problem == nil {
        problem = "there is text after a closing quote in field \(fields.count)"
      }
      if position == limit { return .complete(contentEnd: position, next: position) }
      let byte = buffer[position]
      if byte == delimiter {
        position += 1
        continue
      }
      if byte == 0x0a { return .complete(contentEnd: position, next: position + 1) }
      if position + 1 == limit {
        if !hasEnded { return .needsMore }
        return .complete(contentEnd: position, next: position + 1)
      }
      let isPair = buffer[position + 1] == 0x0a
      return .complete(contentEnd: position, next: position + (isPair ? 2 : 1))
    }
  }

  /// Reads a quoted field from behind its opening quote.
  ///
  /// - Returns: the position behind the closing quote; nil when more bytes are needed.
  private func parseQuoted(from begin: Int) -> Int? {
    var position = begin
    var segment = begin
    var isUnescaped = false
    let unescapedStart = unescaped.count
    while true {
      guard let found = memchr(buffer + position, quote, limit - position) else {
        guard hasEnded else { return nil }
        problem = "a quote that is opened here is never closed"
        newlinesInRecord += countNewlines(from: begin, to: limit)
        fields.append(Span(start: begin, count: limit - begin, isUnescaped: false))
        return limit
      }
      let end = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - UnsafePointer(buffer)
      if end + 1 == limit, !hasEnded { return nil }
      if end + 1 < limit, Int32(buffer[end + 1]) == quote {
        unescaped.append(
          contentsOf: UnsafeBufferPointer(start: buffer + segment, count: end + 1 - segment))
        isUnescaped = true
        position = end + 2
        segment = position
        continue
      }
      newlinesInRecord += countNewlines(from: begin, to: end)
      if isUnescaped {
        unescaped.append(
          contentsOf: UnsafeBufferPointer(start: buffer + segment, count: end - segment))
        fields.append(
          Span(start: unescapedStart, count: unescaped.count - unescapedStart, isUnescaped: true))
      } else {
        fields.append(Span(start: begin, count: end - begin, isUnescaped: false))
      }
      return end + 1
    }
  }

  private func countNewlines(from begin: Int, to end: Int) -> Int64 {
    var count: Int64 = 0
    for index in begin..<end where buffer[index] == 0x0a { count += 1 }
    return count
  }

  /// What is wrong with the complete record, if anything.
  private func flaw() -> String? {
    if contentEnd - start > format.maximumRecordBytes { return Self.oversized(format) }
    if let problem { return problem }
    if isConflictMarker { return "conflict marker of a version control merge" }
    return TextCheck.flaw(in: raw)
  }

  private var isConflictMarker: Bool {
    guard contentEnd - start >= 7 else { return false }
    let first = buffer[start]
    guard
      first == UInt8(ascii: "<") || first == UInt8(ascii: "=") || first == UInt8(ascii: ">")
        || first == UInt8(ascii: "|")
    else { return false }
    for index in start + 1..<start + 7 where buffer[index] != first { return false }
    return contentEnd - start == 7 || buffer[start + 7] == UInt8(ascii: " ")
  }

  private static func oversized(_ format: CSVFormat) -> String {
    "the record is longer than \(format.maximumRecordBytes) bytes"
  }

  /// Skips a record that is too long, keeping only its beginning.
  private func skipOversized() throws(ImportError) -> RefusedRecord {
    let kept = min(limit - start, RefusedRecord.maximumRawBytes)
    let front = CardNumber.masked(UnsafeBufferPointer(start: buffer + start, count: kept))
    var scanner = RecordEndScanner(format: format)
    var position = start
    while true {
      while position < limit {
        if scanner.consume(buffer[position]) {
          start = position + 1
          nextLine += scanner.lineCount
          return RefusedRecord(
            line: line, column: nil, reason: Self.oversized(format), raw: front)
        }
        position += 1
      }
      start = limit
      try refill()
      position = start
      if hasEnded, start == limit {
        let isOpen = scanner.isInsideQuotes
        return RefusedRecord(
          line: line, column: nil,
          reason: Self.oversized(format) + (isOpen ? "; a quote in it is never closed" : ""),
          raw: front)
      }
    }
  }

  // MARK: - Bytes

  /// Moves the remaining bytes to the front and reads more behind them.
  private func refill() throws(ImportError) {
    let rest = limit - start
    if start > 0 {
      memmove(buffer, buffer + start, rest)
      start = 0
      limit = rest
    }
    if limit == capacity {
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
      memcpy(larger, buffer, limit)
      buffer.deallocate()
      buffer = larger
      capacity *= 2
    }
    let count = try source.read(
      into: UnsafeMutableRawBufferPointer(start: buffer + limit, count: capacity - limit))
    if count == 0 { hasEnded = true }
    limit += count
  }

  /// Checks the first bytes for byte order marks, other encodings and other kinds of file.
  private func begin() throws(ImportError) {
    hasBegun = true
    while limit < min(64, capacity), !hasEnded { try refill() }
    let front = UnsafeBufferPointer(start: buffer, count: limit)
    if let error = TextCheck.foreignFormat(front) { throw error }
    if front.starts(with: [0xef, 0xbb, 0xbf]) { start = 3 }
  }
}
