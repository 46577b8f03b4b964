/// A stream of bytes that is read once, from the front to the end.
protocol ByteSource: AnyObject {
  /// Fills the front of a buffer with the next bytes.
  ///
  /// - Parameter buffer: where to write; never empty.
  /// - Returns: how many bytes were written; 0 at the end.
  /// - Throws: ``ImportError``.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int
}

/// Bytes that are in memory already.
final class MemoryByteSource: ByteSource {
  private let bytes: [UInt8]
  private let chunk: Int
  private var position = 0

  /// Makes a source.
  ///
  /// - Parameters:
  ///   - bytes: the whole content.
  ///   - chunk: the most bytes that one read gives.
  init(_ bytes: [UInt8], chunk: Int = .max) {
    self.bytes = bytes
    self.chunk = chunk
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int {
    let count = min(min(buffer.count, chunk), bytes.count - position)
    bytes.withUnsafeBytes { source in
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[position..<position + count]))
    }
    position += count
    return count
  }
}
