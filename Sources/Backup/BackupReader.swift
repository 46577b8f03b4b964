internal import Foundation

/// Reads the data of a backup from the front to the end: hashes, decrypts, unpacks.
///
/// Bytes are handed on before the hash of the whole file is known; whoever acts on them reads the
/// file to its end first (``check(_:manifest:key:body:)`` with an empty body).
struct BackupReader {
  private static let pieceLength = 1 << 20

  /// Reads a backup and hands its dump on in pieces.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - manifest: what was published.
  ///   - key: the key of an encrypted backup.
  ///   - checksHash: whether size and hash are compared; false only where a test proves that other
  ///     checks hold by themselves.
  ///   - body: gets the pieces.
  /// - Throws: ``BackupError/Code/damaged`` or ``BackupError/Code/wrongKey``.
  static func read(
    _ path: String, manifest: BackupManifest, key: EncryptionKey?, checksHash: Bool = true,
    body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw BackupError(
        .damaged, "the data of \(manifest.id) cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var decryption = try decryption(for: manifest, key: key)
    let decompression = try Decompression()
    var hash = SHA256()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceLength, alignment: 16)
    defer { buffer.deallocate() }
    var total: Int64 = 0
    while true {
      let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw BackupError(
          .damaged, "the data of \(manifest.id) cannot be read: \(String(cString: strerror(errno)))"
        )
      }
      if count == 0 { break }
      total += Int64(count)
      let piece = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
      hash.update(piece)
      if decryption != nil {
        try decryption?.update(piece) { try decompression.update($0, body) }
      } else {
        try decompression.update(piece, body)
      }
    }
    guard total > 0 else { throw BackupError(.damaged, "the file of \(manifest.id) is empty") }
    if checksHash {
      guard total == manifest.data.storedBytes else {
        throw BackupError(
          .damaged,
          "the file of \(manifest.id) has \(total) bytes, not \(manifest.data.storedBytes)")
      }
      guard hash.finish() == manifest.data.sha256 else {
        throw BackupError(
          .damaged, "the file of \(manifest.id) is not the one published: SHA-256 differs")
      }
    }
    if decryption != nil {
      try decryption?.finish { try decompression.update($0, body) }
    }
    try decompression.finish()
  }

  private static func decryption(for manifest: BackupManifest, key: EncryptionKey?)
    throws(BackupError) -> Decryption?
  {
    guard let keyId = manifest.data.keyId else { return nil }
    guard let key else {
      throw BackupError(
        .keyNeeded, "\(manifest.id) is encrypted with the key \(keyId)",
        hint: "name the key file with --key FILE")
    }
    guard key.id == keyId else {
      throw BackupError(
        .wrongKey, "\(manifest.id) is encrypted with the key \(keyId), not with \(key.id)",
        hint: "name the right key file with --key FILE")
    }
    return Decryption(key: key, id: manifest.id)
  }
}
