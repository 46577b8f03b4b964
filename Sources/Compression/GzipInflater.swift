internal import CZlib

/// Decompresses gzip piece by piece, one member after another.
package final class GzipInflater {
  /// What a step came to.
  package struct Step {
    /// Bytes of the input that were used.
    package let used: Int
    /// Bytes that were written.
    package let written: Int
    /// Whether the member has ended; ``begin()`` starts the next.
    package let isEnd: Bool
  }

  /// The data are not gzip, or damaged; the code is zlib's.
  package struct Damage: Error {
    /// The error of zlib.
    package let code: Int32
  }

  private var stream = z_stream()

  /// Makes an inflater for one or more members.
  ///
  /// - Throws: ``Damage`` when zlib has no memory
  package init() throws(Damage) {
    // 16 asks zlib for the gzip format, 15 is the largest window.
    let code = payops_inflateInit2(&stream, 15 + 16)
    guard code == Z_OK else { throw Damage(code: code) }
  }

  deinit { inflateEnd(&stream) }

  /// Starts the next member.
  package func begin() throws(Damage) {
    let code = inflateReset(&stream)
    guard code == Z_OK else { throw Damage(code: code) }
  }

  /// Decompresses what fits.
  ///
  /// - Parameters:
  ///   - input: compressed bytes
  ///   - output: gets the decompressed bytes
  /// - Throws: ``Damage``
  package func inflate(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(Damage) -> Step {
    let source = UnsafeMutableRawBufferPointer(mutating: input).bindMemory(to: UInt8.self)
    let target = output.bindMemory(to: UInt8.self)
    stream.next_in = source.baseAddress
    stream.avail_in = UInt32(clamping: input.count)
    stream.next_out = target.baseAddress
    stream.avail_out = UInt32(clamping: output.count)
    let (given, room) = (Int(stream.avail_in), Int(stream.avail_out))
    let code = CZlib.inflate(&stream, Z_NO_FLUSH)
    guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
      throw Damage(code: code)
    }
    return Step(
      used: given - Int(stream.avail_in), written: room - Int(stream.avail_out),
      isEnd: code == Z_STREAM_END)
  }
}
