internal import Cryptography
internal import Foundation

/// Reads the data of a backup from beginning to end: hashes, decrypts, decompresses.
///
/// Bytes are passed on before the hash of the whole file is known; a caller that acts on them first
/// reads the file to its end (``check(_:manifest:key:body:)`` with an empty body).
package struct BackupReader {
  private static let pieceLength = 1 << 20

  /// Reads a backup and passes on its dump in pieces.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - manifest: the published facts.
  ///   - key: the key of an encrypted backup.
  ///   - checksHash: whether size and hash are compared; false only where a test proves that other
  ///     checks detect damage without it.
  ///   - body: gets the pieces.
  /// - Throws: ``BackupError/Code/damaged``, ``BackupError/Code/wrongKey``, or
  ///   ``BackupError/Code/unreadable`` when the condition of the data is unknown.
  package static func read(
    _ path: String, manifest: BackupManifest, key: EncryptionKey?, checksHash: Bool = true,
    body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let file = try opened(path, manifest)
    guard file.size > 0 else { throw BackupError(.damaged, "the file of \(manifest.id) is empty") }
    if checksHash { try checkSize(file.size, manifest) }
    var unpacking = try Unpacking(decryption(for: manifest, key: key))
    var hash = SHA256()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceLength, alignment: 16)
    defer { buffer.deallocate() }
    var total: Int64 = 0
    while true {
      let count: Int
      do {
        count = try file.read(into: buffer)
      } catch {
        throw failure(error, manifest)
      }
      if count == 0 { break }
      total += Int64(count)
      let piece = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
      hash.update(piece)
      try unpacking.update(piece, body)
    }
    if checksHash {
      try checkSize(total, manifest)
      guard hash.finish() == manifest.data.sha256 else {
        throw BackupError(
          .damaged, "the file of \(manifest.id) is not the one published: SHA-256 differs")
      }
    }
    try unpacking.finish(body)
  }

  private static func opened(_ path: String, _ manifest: BackupManifest) throws(BackupError)
    -> StoredFile
  {
    do {
      return try StoredFile(path)
    } catch {
      throw failure(error, manifest)
    }
  }

  /// A missing file is lost; an unreadable one may still be intact.
  private static func failure(
    _ trouble: StoredFile.Trouble, _ manifest: BackupManifest
  ) -> BackupError {
    guard case .unreadable = trouble else {
      return BackupError(.damaged, "the file of \(manifest.id) \(trouble.reason)")
    }
    return BackupError(
      .unreadable, "the file of \(manifest.id) \(trouble.reason)",
      hint: "nothing is known about the backup, and nothing was changed; check the owner and the"
        + " mode of the file, and its disk")
  }

  private static func checkSize(_ size: Int64, _ manifest: BackupManifest) throws(BackupError) {
    guard size == manifest.data.storedBytes else {
      throw BackupError(
        .damaged, "the file of \(manifest.id) has \(size) bytes, not \(manifest.data.storedBytes)")
    }
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
