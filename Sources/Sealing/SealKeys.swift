internal import Cryptography
internal import Foundation

/// The keys with which payments are sealed: a private file outside the database, one key a line.
///
/// The first line seals; those below it only prove what they sealed before a rotation.
package struct SealKeys: Sendable {
  /// One key.
  package struct Key: Sendable, Equatable {
    /// Names the key without giving it away, hexadecimal.
    package let id: String
    let secret: SecretKey

    /// Length of a key, bytes.
    static let length = 32

    init(_ secret: SecretKey) {
      self.secret = secret
      id = String(KeyedHash.of(["payops seal key"], key: secret).prefix(16))
    }
  }

  /// All keys; the first one seals.
  package let keys: [Key]
  /// The file.
  package let path: String

  /// Reads a file of keys.
  ///
  /// - Parameter path: a regular file, not a link, that its owner alone may read.
  /// - Throws: ``SealingError/Code/unusableKey``.
  package init(file path: String) throws(SealingError) {
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw SealingError(
        .unusableKey, "cannot open the seal key \(path): \(String(cString: strerror(errno)))",
        hint: "make one with `payops seal --new-key`, and keep a copy elsewhere")
    }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      throw SealingError(.unusableKey, "the seal key \(path) is not a file")
    }
    guard info.st_mode & 0o077 == 0, info.st_uid == geteuid() else {
      throw SealingError(
        .unusableKey, "the seal key \(path) belongs to or can be read by others",
        hint: "chmod 600 \(path), as the user that payops runs as")
    }
    let text = String(decoding: (try? file.read(upToCount: 1 << 16)) ?? Data(), as: UTF8.self)
    let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    var keys: [Key] = []
    for line in lines where !line.isEmpty {
      guard let secret = SecretKey.reading(line, length: Key.length) else {
        throw SealingError(
          .unusableKey, "the seal key \(path) has a line that is not 64 hexadecimal digits")
      }
      keys.append(Key(secret))
    }
    guard !keys.isEmpty else { throw SealingError(.unusableKey, "the seal key \(path) is empty") }
    self.keys = keys
    self.path = path
  }

  /// Makes a file with a new key, or puts a new key before those that a file has.
  ///
  /// - Parameter path: the file; made private to its owner.
  /// - Returns: the keys, the new one first.
  /// - Throws: ``SealingError/Code/unusableKey``; the file is then unchanged.
  @discardableResult
  package static func addKey(file path: String) throws(SealingError) -> SealKeys {
    let before = access(path, F_OK) == 0 ? try SealKeys(file: path).keys : []
    guard let new = SecretKey.random(length: Key.length) else {
      throw SealingError(.unusableKey, "libsodium finds no source of random numbers")
    }
    let lines = ([new] + before.map(\.secret)).map { $0.reveal + "\n" }
    guard PrivateFile.replace(path, with: lines.joined()) else {
      throw SealingError(
        .unusableKey, "cannot write the seal key \(path): \(String(cString: strerror(errno)))",
        hint: "its folder must exist and be writable")
    }
    return try SealKeys(file: path)
  }

  /// The key of a batch; nil when the file does not hold it.
  func key(id: String) -> Key? { keys.first { $0.id == id } }
}

/// A small private file that is replaced as a whole.
enum PrivateFile {
  static func replace(_ path: String, with text: String) -> Bool {
    let draft = path + ".new"
    unlink(draft)
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    let bytes = Array(text.utf8)
    let isWritten = write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
    close(descriptor)
    guard isWritten, rename(draft, path) == 0 else {
      unlink(draft)
      return false
    }
    return true
  }
}
