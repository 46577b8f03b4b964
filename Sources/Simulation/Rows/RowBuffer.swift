import PayopsCore

/// A reusable block of bytes into which rows of text are written.
///
/// Numbers and times are written digit by digit, without strings.
final class RowBuffer {
  /// Bytes always reserved for one more row.
  static let rowLimit = 2048

  // A buffer is never shared and its methods do not call out: access checks at run time would
  // cost more than the writing.
  @exclusivity(unchecked) private var bytes: UnsafeMutablePointer<UInt8>
  @exclusivity(unchecked) private var capacity: Int
  /// Bytes written.
  @exclusivity(unchecked) private(set) var count = 0
  /// Byte between cells.
  private let separator: UInt8
  private let isTabular: Bool
  // The day written last, as text: consecutive rows share it.
  @exclusivity(unchecked) private var lastDay = Int.min
  @exclusivity(unchecked) private var lastDate: (UInt64, UInt16) = (0, 0)

  /// Makes an empty buffer.
  ///
  /// - Parameters:
  ///   - capacity: bytes at the start.
  ///   - separator: byte between cells; a comma writes empty cells for NULL, a tab `\N`.
  init(capacity: Int = 1 << 18, separator: UInt8 = 0x09) {
    self.capacity = max(capacity, RowBuffer.rowLimit * 2)
    self.separator = separator
    isTabular = separator == 0x09
    bytes = .allocate(capacity: self.capacity)
  }

  deinit { bytes.deallocate() }

  /// Discards what was written.
  func clear() { count = 0 }

  /// What was written.
  var written: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: bytes, count: count) }

  /// Makes room for a row; to be called before each row.
  @inline(__always)
  func beginRow() {
    if capacity - count < RowBuffer.rowLimit { grow() }
  }

  private func grow() {
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
    larger.update(from: bytes, count: count)
    bytes.deallocate()
    bytes = larger
    capacity *= 2
  }

  /// Ends a row: the separator after the last cell becomes the end of the line.
  @inline(__always)
  func endRow() { bytes[count - 1] = 0x0A }

  @inline(__always)
  private func put(_ byte: UInt8) {
    bytes[count] = byte
    count &+= 1
  }

  /// Writes a missing value.
  @inline(__always)
  func null() {
    if isTabular {
      put(0x5C)
      put(0x4E)
    }
    put(separator)
  }

  /// Writes bytes that need no escaping.
  @inline(__always)
  func cell(_ text: UnsafeBufferPointer<UInt8>) {
    if let base = text.baseAddress {
      (bytes + count).update(from: base, count: text.count)
      count &+= text.count
    }
    put(separator)
  }

  /// Writes one of a table of texts, or NULL when the position is beyond it.
  @inline(__always)
  func cell(_ table: ByteTable, _ position: UInt8) {
    Int(position) < table.count ? cell(table[Int(position)]) : null()
  }

  /// Writes a text, escaped for the format; for rows that are not many.
  func text(_ text: String?) {
    guard let text else { return null() }
    let quotes = !isTabular && text.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A }
    if quotes { put(0x22) }
    for byte in text.utf8.prefix(RowBuffer.rowLimit / 4) {
      if isTabular, byte == 0x09 || byte == 0x0A || byte == 0x5C { put(0x5C) }
      if quotes, byte == 0x22 { put(0x22) }
      put(byte)
    }
    if quotes { put(0x22) }
    put(separator)
  }

  /// Writes a whole number.
  @inline(__always)
  func integer(_ number: Int) {
    digits(number)
    put(separator)
  }

  /// Writes digits and a sign, and no separator.
  @inline(__always)
  private func digits(_ number: Int) {
    var rest = number.magnitude
    if number < 0 { put(0x2D) }
    var length = 1
    var bound: UInt = 10
    while length < 19, rest >= bound {
      length &+= 1
      bound = bound &* 10
    }
    if length == 19, rest >= 10_000_000_000_000_000_000 { length = 20 }
    var position = count &+ length
    count = position
    repeat {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      position &-= 1
      bytes[position] = 0x30 &+ UInt8(truncatingIfNeeded: digit)
      rest = quotient
    } while rest > 0
  }

  /// Writes an amount given in hundredths.
  @inline(__always)
  func hundredths(_ amount: Int) {
    if amount < 0, amount > -100 { put(0x2D) }
    digits(amount / 100)
    put(0x2E)
    two(Int((amount % 100).magnitude))
    put(separator)
  }

  /// Writes an amount given in ten-thousandths.
  @inline(__always)
  func tenThousandths(_ amount: Int) {
    if amount < 0, amount > -10_000 { put(0x2D) }
    digits(amount / 10_000)
    let fraction = Int((amount % 10_000).magnitude)
    put(0x2E)
    two(fraction / 100)
    two(fraction % 100)
    put(separator)
  }

  @inline(__always)
  private func two(_ number: Int) {
    put(0x30 &+ UInt8(truncatingIfNeeded: number / 10))
    put(0x30 &+ UInt8(truncatingIfNeeded: number % 10))
  }

  /// Writes a day.
  func date(_ days: Int) {
    writeDate(days)
    put(separator)
  }

  /// Writes a time as `YYYY-MM-DD HH:MM:SS`.
  @inline(__always)
  func time(_ second: Int) {
    writeTime(second)
    put(separator)
  }

  /// Writes a time with milliseconds.
  @inline(__always)
  func time(_ second: Int, milliseconds: Int) {
    let carry = milliseconds / 1000
    let rest = milliseconds - carry * 1000
    writeTime(second + carry)
    put(0x2E)
    put(0x30 &+ UInt8(truncatingIfNeeded: rest / 100))
    two(rest % 100)
    put(separator)
  }

  @inline(__always)
  private func writeTime(_ second: Int) {
    let days = second >= 0 ? second / 86_400 : (second - 86_399) / 86_400
    let clock = second - days * 86_400
    writeDate(days)
    put(0x20)
    two(clock / 3600)
    put(0x3A)
    two(clock / 60 % 60)
    put(0x3A)
    two(clock % 60)
  }

  @inline(__always)
  private func writeDate(_ days: Int) {
    let target = UnsafeMutableRawPointer(bytes + count)
    if days == lastDay {
      target.storeBytes(of: lastDate.0, as: UInt64.self)
      (target + 8).storeBytes(of: lastDate.1, as: UInt16.self)
      count &+= 10
      return
    }
    let date = CivilDate(daysSinceEpoch: days)
    two(date.year / 100)
    two(date.year % 100)
    put(0x2D)
    two(date.month)
    put(0x2D)
    two(date.day)
    lastDay = days
    lastDate = (
      target.loadUnaligned(as: UInt64.self), (target + 8).loadUnaligned(as: UInt16.self)
    )
  }

  /// Writes a label and a number as one cell, such as `ORD-17`.
  func labelled(_ label: StaticString, _ number: Int) {
    label.withUTF8Buffer { for byte in $0 { put(byte) } }
    integer(number)
  }
}
