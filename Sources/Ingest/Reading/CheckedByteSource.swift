import PayopsCore

/// Forwards bytes, counting them and computing their FNV-1a checksum (64 bits).
final class CheckedByteSource: ByteSource {
  private let source: any ByteSource
  /// Bytes forwarded so far.
  private(set) var byteCount: Int64 = 0
  private var hash = FNV1a64()

  /// Wraps a source.
  init(_ source: any ByteSource) {
    self.source = source
  }

  /// The checksum of the bytes so far, 16 hexadecimal digits.
  var checksum: String { hash.hexadecimal }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int {
    let count = try source.read(into: buffer)
    hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    byteCount += Int64(count)
    return count
  }
}
