internal import CSodium
internal import Foundation

/// A key for encrypted backups: 32 bytes, kept as 64 hexadecimal digits in a file of its owner.
package struct EncryptionKey: Sendable {
  /// Names the key without giving it away: the front of a keyed hash, hexadecimal.
  package let id: String
  let bytes: [UInt8]

  /// Number of bytes of a key.
  static let length = Int(crypto_secretstream_xchacha20poly1305_keybytes())

  init(bytes: [UInt8]) {
    self.bytes = bytes
    var digest = [UInt8](repeating: 0, count: 16)
    let context = Array("payops backup key".utf8)
    crypto_generichash(
      &digest, digest.count, context, UInt64(context.count), bytes, bytes.count)
    id = Hexadecimal.text(digest.prefix(8))
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
    guard let bytes = Hexadecimal.bytes(text), bytes.count == Self.length else {
      throw BackupError(
        .unusableKey, "the key file \(path) does not hold \(Self.length * 2) hexadecimal digits",
        hint: "make one with `payops backup keygen FILE`")
    }
    self.init(bytes: bytes)
  }

  /// Makes a new key file.
  ///
  /// - Parameter path: a file that does not exist yet; private to its owner.
  /// - Returns: the key.
  /// - Throws: ``BackupError/Code/unusableKey``.
  package static func make(file path: String) throws(BackupError) -> EncryptionKey {
    var bytes = [UInt8](repeating: 0, count: length)
    guard sodium_init() >= 0 else {
      throw BackupError(.unusableKey, "libsodium finds no source of random numbers")
    }
    randombytes_buf(&bytes, bytes.count)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw BackupError(
        .unusableKey, "cannot make the key file \(path): \(String(cString: strerror(errno)))",
        hint: errno == EEXIST ? "a key is never overwritten: choose another name" : nil)
    }
    defer { close(descriptor) }
    let text = Array((Hexadecimal.text(bytes) + "\n").utf8)
    guard write(descriptor, text, text.count) == text.count, fsync(descriptor) == 0 else {
      unlink(path)
      throw BackupError(
        .unusableKey, "cannot write the key file \(path): \(String(cString: strerror(errno)))")
    }
    return EncryptionKey(bytes: bytes)
  }
}

/// Bytes as hexadecimal digits.
enum Hexadecimal {
  static func text(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count < 2 ? "0" + digits : digits
    }.joined()
  }

  static func bytes(_ text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for position in stride(from: 0, to: digits.count, by: 2) {
      let pair = String(decoding: digits[position..<position + 2], as: UTF8.self)
      guard pair.allSatisfy(\.isHexDigit), let byte = UInt8(pair, radix: 16) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }
}
