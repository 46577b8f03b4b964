/// An immutable list of short byte strings in one block of memory, for copying into rows.
///
/// Sharing is safe: the block is written by the initialiser alone.
final class ByteTable: @unchecked Sendable {
  private let bytes: UnsafeMutablePointer<UInt8>
  private let offsets: UnsafeMutablePointer<Int32>
  /// Number of strings.
  let count: Int

  /// Copies the strings.
  init(_ items: some Collection<[UInt8]>) {
    count = items.count
    let total = items.reduce(0) { $0 + $1.count }
    bytes = .allocate(capacity: max(1, total))
    offsets = .allocate(capacity: items.count + 1)
    var position = 0
    for (number, item) in items.enumerated() {
      offsets[number] = Int32(position)
      for byte in item {
        bytes[position] = byte
        position += 1
      }
    }
    offsets[items.count] = Int32(position)
  }

  /// Copies the strings in UTF-8.
  convenience init(_ texts: [String]) { self.init(texts.map { Array($0.utf8) }) }

  deinit {
    bytes.deallocate()
    offsets.deallocate()
  }

  /// The bytes of a string.
  @inline(__always)
  subscript(_ number: Int) -> UnsafeBufferPointer<UInt8> {
    precondition(number >= 0 && number < count)
    let start = Int(offsets[number])
    return UnsafeBufferPointer(start: bytes + start, count: Int(offsets[number + 1]) - start)
  }

  /// A string as text.
  func text(_ number: Int) -> String { String(decoding: self[number], as: UTF8.self) }
}
