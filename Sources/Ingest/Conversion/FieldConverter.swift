/// Converts the text of one field to the form of the staging table.
struct FieldConverter {
  /// The outcome for a field.
  enum Outcome {
    /// The value was written.
    case written
    /// There is no value.
    case null
    /// The field is wrong, and why.
    case wrong(String)
  }

  private enum Reading {
    case text(limit: Int, isASCII: Bool)
    case decimal
    case integer(ClosedRange<Int64>)
    case boolean
    case timestamp([TimestampPattern])
    case epoch(perSecond: Int64)
    case step(origin: Int64, seconds: Int64)
  }

  private let reading: Reading
  private let kind: ImportTarget.ColumnKind
  private let nullWords: [[UInt8]]
  private let values: [(text: [UInt8], replacement: [UInt8])]
  /// The reason to refuse other texts; nil when they are kept.
  private let refusalOfOthers: String?
  private let strip: [[UInt8]]
  private let rounding: Int?
  private let prefix: [UInt8]
  private let defaultValue: [UInt8]?
  private let decimalSeparator: UInt8
  private let groupSeparator: UInt8?
  private var clock: CachedZoneClock

  /// Prepares the conversion of a column.
  ///
  /// - Parameters:
  ///   - column: the column of the mapping.
  ///   - kind: the type of the target.
  ///   - file: the mapping of the file, for its defaults.
  /// - Throws: ``ImportError`` when the mapping is invalid.
  init(_ column: ColumnMapping, kind: ImportTarget.ColumnKind, file: FileMapping)
    throws(ImportError)
  {
    func fail(_ what: String) -> ImportError {
      ImportError(.badMapping, "column \(column.from) of the mapping: \(what)")
    }
    self.kind = kind
    nullWords = (file.nullWords ?? [""]).map { Array($0.utf8) }
    values = (column.values ?? [:]).sorted { $0.key < $1.key }.map {
      (Array($0.key.utf8), Array($0.value.utf8))
    }
    refusalOfOthers =
      column.values != nil && column.otherwise != .keep
      ? Self.refusal(listing: (column.values ?? [:]).keys.sorted()) : nil
    strip = (column.strip ?? []).map { Array($0.utf8) }.sorted { $0.count > $1.count }
    rounding = column.round
    guard (0...4).contains(column.round ?? 0) else { throw fail("round must be from 0 to 4") }
    guard column.round == nil || kind == .decimal else {
      throw fail("round is for columns that hold a decimal number")
    }
    guard strip.allSatisfy({ !$0.isEmpty }) else { throw fail("strip holds an empty text") }
    prefix = Array((column.prefix ?? "").utf8)
    defaultValue = column.default.map { Array($0.utf8) }
    decimalSeparator = file.decimalSeparator?.utf8.first ?? UInt8(ascii: ".")
    groupSeparator = file.groupSeparator?.utf8.first
    let zone = column.timeZone ?? file.timeZone ?? "UTC"
    guard let clock = CachedZoneClock(identifier: zone) else { throw fail("no time zone \(zone)") }
    self.clock = clock
    reading = try Self.reading(column, kind: kind)
  }

  private static func reading(_ column: ColumnMapping, kind: ImportTarget.ColumnKind)
    throws(ImportError) -> Reading
  {
    func fail(_ what: String) -> ImportError {
      ImportError(.badMapping, "column \(column.from) of the mapping: \(what)")
    }
    let type = column.type ?? .auto
    switch kind {
    case .text(let limit):
      guard type == .auto || type == .text else { throw fail("the target holds text") }
      return .text(limit: limit, isASCII: false)
    case .ascii(let limit):
      guard type == .auto || type == .text else { throw fail("the target holds text") }
      return .text(limit: limit, isASCII: true)
    case .decimal:
      guard type == .auto || type == .decimal || type == .integer else {
        throw fail("the target holds a decimal number")
      }
      return .decimal
    case .integer(let range):
      guard type == .auto || type == .integer else { throw fail("the target holds a whole number") }
      return .integer(range)
    case .boolean:
      guard type == .auto || type == .boolean else { throw fail("the target holds 0 or 1") }
      return .boolean
    case .date, .seconds, .milliseconds, .minute:
      switch type {
      case .auto, .timestamp, .date:
        let defaults =
          type == .date
          ? ["yyyy-MM-dd"]
          : [
            "yyyy-MM-dd HH:mm:ssf", "yyyy-MM-ddTHH:mm:ssfXXX", "yyyy-MM-ddTHH:mm:ssf",
            "yyyy-MM-dd HH:mm:ssfXXX", "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm", "yyyy-MM-dd",
          ]
        var patterns: [TimestampPattern] = []
        for text in column.formats ?? defaults {
          guard !TimestampPattern.hasShortYear(text) || column.twoDigitYearsFrom != nil else {
            throw fail(
              "format \(text) has a year of two digits: name the first of the hundred years that"
                + " it stands for with twoDigitYearsFrom")
          }
          let first = column.twoDigitYearsFrom ?? 1970
          guard (1000...9900).contains(first) else {
            throw fail("twoDigitYearsFrom must be from 1000 to 9900")
          }
          guard let pattern = TimestampPattern(text, shortYearsFrom: first) else {
            throw fail("format \(text) has no year, month and day")
          }
          patterns.append(pattern)
        }
        return .timestamp(patterns)
      case .epoch:
        switch column.unit ?? "seconds" {
        case "seconds": return .epoch(perSecond: 1)
        case "milliseconds": return .epoch(perSecond: 1000)
        default: throw fail("the unit must be seconds or milliseconds")
        }
      case .step:
        guard let seconds = column.stepSeconds, (1...31_622_400).contains(seconds) else {
          throw fail("stepSeconds must be from 1 to 31622400")
        }
        let patterns = ["yyyy-MM-ddTHH:mm:ssXXX", "yyyy-MM-dd"].compactMap { TimestampPattern($0) }
        let text = Array((column.origin ?? "").utf8)
        let match = text.withUnsafeBufferPointer { bytes in
          patterns.lazy.compactMap { $0.match(bytes) }.first
        }
        guard let match else { throw fail("origin must be a time such as 2017-01-01T00:00:00Z") }
        return .step(
          origin: match.time.seconds - Int64(match.offsetSeconds ?? 0), seconds: Int64(seconds))
      default: throw fail("the target holds a time")
      }
    }
  }

  /// Converts a field.
  ///
  /// - Parameters:
  ///   - field: the bytes, valid UTF-8.
  ///   - output: the value is appended, escaped for LOAD DATA.
  /// - Returns: whether there is a value, or what is wrong.
  mutating func convert(_ field: UnsafeBufferPointer<UInt8>, into output: inout [UInt8]) -> Outcome
  {
    let trimmed = Self.trim(field)
    if isNullWord(trimmed) {
      guard let defaultValue else { return .null }
      LoadText.append(defaultValue, to: &output)
      return .written
    }
    for (text, replacement) in values where trimmed.elementsEqual(text) {
      if replacement.isEmpty { return .null }
      return replacement.withUnsafeBufferPointer { convertValue($0, into: &output) }
    }
    if let refusalOfOthers { return .wrong(refusalOfOthers) }
    guard !strip.isEmpty else { return convertValue(trimmed, into: &output) }
    return withoutFront(trimmed).withUnsafeBufferPointer { convertValue($0, into: &output) }
  }

  /// A text without the first matching prefix; a sign before the prefix stays.
  private func withoutFront(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var sign: [UInt8] = []
    var rest = Self.trim(bytes)
    if kind == .decimal, let first = rest.first, first == 0x2d || first == 0x2b {
      sign = [first]
      rest = Self.trim(UnsafeBufferPointer(rebasing: rest.dropFirst()))
    }
    if let front = strip.first(where: { rest.starts(with: $0) }) {
      rest = Self.trim(UnsafeBufferPointer(rebasing: rest.dropFirst(front.count)))
    }
    return sign + rest
  }

  /// Lists the accepted texts, as many as fit into a reason.
  private static func refusal(listing texts: [String]) -> String {
    var reason = "the value is not one of"
    for (index, text) in texts.enumerated() {
      let next = (index == 0 ? " " : ", ") + text
      guard reason.count + next.count <= 200 else {
        return reason + " and \(texts.count - index) more"
      }
      reason += next
    }
    return reason
  }

  private mutating func convertValue(
    _ bytes: UnsafeBufferPointer<UInt8>, into output: inout [UInt8]
  ) -> Outcome {
    switch reading {
    case .text(let limit, let isASCII):
      return appendText(bytes, limit: limit, isASCII: isASCII, to: &output)
    case .decimal:
      return NumberText.appendDecimal(
        bytes, point: decimalSeparator, group: groupSeparator, rounding: rounding, to: &output)
    case .integer(let range):
      guard let value = NumberText.integer(bytes) else {
        return .wrong("this is not a whole number")
      }
      guard range.contains(value) else { return .wrong("the number is out of range") }
      LoadText.append(value, to: &output)
      return .written
    case .boolean:
      guard let value = NumberText.boolean(bytes) else {
        return .wrong("this is neither true nor false")
      }
      output.append(value ? 0x31 : 0x30)
      return .written
    case .timestamp(let patterns):
      for pattern in patterns {
        guard let match = pattern.match(bytes) else { continue }
        // A date is a day in the time zone of the file.
        if kind == .date { return appendDay(match.time, to: &output) }
        let local = match.time.seconds
        guard let utc = match.offsetSeconds.map({ local - Int64($0) }) ?? clock.utc(local: local)
        else { return .wrong("this time is skipped by the clocks of its time zone") }
        return appendTime(utc, microsecond: match.time.microsecond, to: &output)
      }
      return .wrong(
        Self.hasShortYear(bytes) && !patterns.contains(where: \.hasShortYear)
          ? "the year has two digits; a format with yy and twoDigitYearsFrom reads it"
          : "this is not a time in a form that the mapping names")
    case .epoch(let perSecond):
      guard let value = NumberText.integer(bytes) else {
        return .wrong("this is not a whole number")
      }
      let seconds = value >= 0 ? value / perSecond : (value - perSecond + 1) / perSecond
      let rest = Int(value - seconds * perSecond)
      return appendTime(seconds, microsecond: rest * Int(1_000_000 / perSecond), to: &output)
    case .step(let origin, let seconds):
      guard let value = NumberText.integer(bytes) else {
        return .wrong("this is not a whole number")
      }
      guard abs(value) < 1_000_000_000_000 / seconds else {
        return .wrong("the time is out of range")
      }
      return appendTime(origin + value * seconds, microsecond: 0, to: &output)
    }
  }

  private func appendText(
    _ bytes: UnsafeBufferPointer<UInt8>, limit: Int, isASCII: Bool, to output: inout [UInt8]
  ) -> Outcome {
    var characters = prefix.count
    for byte in bytes {
      if byte >= 0x80, isASCII { return .wrong("the text is not ASCII") }
      if byte & 0xc0 != 0x80 { characters += 1 }
    }
    if characters > limit { return .wrong("the text is longer than \(limit) characters") }
    LoadText.append(prefix, to: &output)
    LoadText.append(bytes, to: &output)
    return .written
  }

  private func appendTime(_ seconds: Int64, microsecond: Int, to output: inout [UInt8]) -> Outcome {
    // 1000-01-01 to 9999-12-31, the range of DATETIME.
    guard (-30_610_224_000..<253_402_300_800).contains(seconds) else {
      return .wrong("the time is out of range")
    }
    if kind == .date {
      return appendDay(CivilTime(seconds: seconds), to: &output)
    }
    if kind == .minute, seconds % 60 != 0 || microsecond != 0 {
      return .wrong("the time is not on a whole minute")
    }
    LoadText.append(
      CivilTime(seconds: seconds, microsecond: microsecond),
      hasMilliseconds: kind == .milliseconds, to: &output)
    return .written
  }

  private func appendDay(_ time: CivilTime, to output: inout [UInt8]) -> Outcome {
    func digits(_ number: Int, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    output.append(
      contentsOf: "\(digits(time.year, 4))-\(digits(time.month, 2))-\(digits(time.day, 2))".utf8)
    return .written
  }

  /// Whether a text begins with a date of numbers of at most two digits each.
  private static func hasShortYear(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var lengths = [0]
    for byte in bytes {
      if (0x30...0x39).contains(byte) {
        lengths[lengths.count - 1] += 1
      } else if [UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ".")].contains(byte),
        lengths.count < 3
      {
        lengths.append(0)
      } else {
        break
      }
    }
    return lengths.count == 3 && lengths.allSatisfy { (1...2).contains($0) }
  }

  private func isNullWord(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    for word in nullWords where word.count == bytes.count && bytes.elementsEqual(word) {
      return true
    }
    return false
  }

  static func trim(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var begin = 0
    var end = bytes.count
    while begin < end, bytes[begin] == 0x20 || bytes[begin] == 0x09 { begin += 1 }
    while end > begin, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
    return UnsafeBufferPointer(rebasing: bytes[begin..<end])
  }
}
