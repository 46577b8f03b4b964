/// A producer of the bytes of a `LOAD DATA LOCAL INFILE`.
package protocol BulkSource {
  /// Fills the front of a buffer with the next bytes.
  ///
  /// - Parameter buffer: where to write; never empty.
  /// - Returns: how many bytes were written; 0 at the end of the data.
  /// - Throws: anything; the load and its transaction are then undone and the error is passed on.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}
