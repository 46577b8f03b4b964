internal import Cryptography
internal import Foundation
internal import PayopsCore

/// A key for encrypted backups: 32 bytes, kept as 64 hexadecimal digits in a file of its owner.
package struct EncryptionKey: Sendable {
  /// Identifies the key without revealing it: the start of a keyed hash, hexadecimal.
  package let id: String
  let secret: SecretKey

  /// Number of bytes of a key.
  static let length = SecretStream.keyLength

  private static let context = Array("payops backup key".utf8)

  init(_ secret: SecretKey) {
    self.secret = secret
    id = Hexadecimal.text(BLAKE2b.hash(Self.context, key: secret, length: 16).prefix(8))
  }

  /// Reads a key file.
  ///
  /// - Parameter path: the file, readable by its owner alone.
  /// - Throws: ``BackupError/Code/unusableKey``.
  package init(file path: String) throws(BackupError) {
    var info = stat()
    guard stat(path, &info) == 0, let data = FileManager.default.contents(atPath: path) else {
      throw BackupError(
        .unusableKey, "cannot read the key file \(path): \(String(cString: strerror(errno)))",
        hint: "make one with `payops backup keygen FILE` and keep a copy elsewhere")
    }
    guard info.st_mode & 0o077 == 0 else {
      throw BackupError(
        .unusableKey, "the key file \(path) can be read by others", hint: "chmod 600 \(path)")
    }
    let text = String(decoding: data, as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    guard let secret = SecretKey.reading(text, length: Self.length) else {
      throw BackupError(
        .unusableKey, "the key file \(path) does not hold \(Self.length * 2) hexadecimal digits",
        hint: "make one with `payops backup keygen FILE`")
    }
    self.init(secret)
  }

  /// Makes a new key file.
  ///
  /// - Parameter path: a file that does not exist yet; private to its owner.
  /// - Returns: the key.
  /// - Throws: ``BackupError/Code/unusableKey``.
  package static func make(file path: String) throws(BackupError) -> EncryptionKey {
    guard let secret = SecretKey.random(length: length) else {
      throw BackupError(.unusableKey, "libsodium finds no source of random numbers")
    }
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw BackupError(
        .unusableKey, "cannot make the key file \(path): \(String(cString: strerror(errno)))",
        hint: errno == EEXIST ? "a key is never overwritten: choose another name" : nil)
    }
    defer { close(descriptor) }
    let text = Array((secret.reveal + "\n").utf8)
    guard write(descriptor, text, text.count) == text.count, fsync(descriptor) == 0 else {
      unlink(path)
      throw BackupError(
        .unusableKey, "cannot write the key file \(path): \(String(cString: strerror(errno)))")
    }
    return EncryptionKey(secret)
  }
}
