internal import Foundation
internal import PayopsCore

/// A file that holds one secret; each delivery reads it, so that a new secret takes effect at once.
enum SecretFile {
  /// The largest secret, in bytes.
  static let limit = 16_384

  /// Reads the secret.
  ///
  /// - Parameter path: a file that only its owner can read; the owner is this process's user or
  ///   root.
  /// - Returns: its only line, without surrounding blanks.
  /// - Throws: ``NotificationError/Code/unusableSecret``.
  static func read(_ path: String) throws(NotificationError) -> Secret {
    // Without O_NONBLOCK a pipe would block the delivery.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw unusable("cannot read the secret file \(path): \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      throw unusable("the secret file \(path) is not a regular file")
    }
    guard info.st_mode & 0o077 == 0 else {
      throw unusable("the secret file \(path) can be read by others", hint: "chmod 600 \(path)")
    }
    guard info.st_uid == geteuid() || info.st_uid == 0 else {
      throw unusable("the secret file \(path) belongs to another user")
    }
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    let count = Foundation.read(descriptor, &bytes, bytes.count)
    guard count >= 0 else {
      throw unusable("cannot read the secret file \(path): \(String(cString: strerror(errno)))")
    }
    guard count <= limit, let text = String(validating: bytes.prefix(count), as: UTF8.self) else {
      throw unusable("the secret file \(path) is not a text of at most \(limit) bytes")
    }
    let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !secret.isEmpty,
      secret.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
    else { throw unusable("the secret file \(path) does not hold one line") }
    return Secret(secret)
  }

  private static func unusable(_ message: String, hint: String? = nil) -> NotificationError {
    NotificationError(.unusableSecret, message, hint: hint)
  }
}
