/// Reverses ``BackupWriter``: decrypts and decompresses a stream.
struct Unpacking {
  private var decryption: Decryption?
  private let decompression: Decompression

  /// - Parameter decryption: how it was encrypted; nil when it was not.
  init(_ decryption: Decryption?) throws(BackupError) {
    self.decryption = decryption
    decompression = try Decompression()
  }

  /// Reads stored bytes, and passes on the original ones.
  package mutating func update(
    _ piece: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let decompression = decompression
    guard decryption != nil else { return try decompression.update(piece, body) }
    try decryption?.update(piece) { try decompression.update($0, body) }
  }

  /// Passes on the rest, and checks that nothing is missing.
  package mutating func finish(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let decompression = decompression
    try decryption?.finish { try decompression.update($0, body) }
    try decompression.finish()
  }
}
