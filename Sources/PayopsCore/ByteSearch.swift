internal import Foundation

extension StringProtocol {
  /// Whether this text contains another, compared byte by byte.
  ///
  /// Many times faster than `contains`, which compares characters: for searching hundreds of texts
  /// of kilobytes.
  package func holds(_ part: String) -> Bool {
    let part = Array(part.utf8)
    return utf8.withContiguousStorageIfAvailable { Self.find(part, in: $0) }
      ?? Array(utf8).withUnsafeBufferPointer { Self.find(part, in: $0) }
  }

  private static func find(_ part: [UInt8], in text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = part.first, let base = text.baseAddress else { return part.isEmpty }
    var start = 0
    while text.count - start >= part.count,
      let found = memchr(base + start, Int32(first), text.count - start - part.count + 1)
    {
      start = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      if memcmp(base + start, part, part.count) == 0 { return true }
      start += 1
    }
    return false
  }
}
