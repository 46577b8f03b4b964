internal import Cryptography
internal import Foundation

/// Writes the data of a backup: compresses, encrypts, hashes, and syncs them to disk.
///
/// One thread uses it.
final class BackupWriter {
  private let path: String
  private let descriptor: Int32
  private let compression: Compression
  private var encryption: Encryption?
  private var hash = SHA256()
  /// Bytes of the dump so far.
  package private(set) var rawBytes: Int64 = 0
  /// Bytes written so far.
  private(set) var storedBytes: Int64 = 0

  /// Opens the file, which must not exist.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - id: the name that is authenticated with every piece of an encrypted file.
  ///   - front: bytes before everything else.
  ///   - compression: how it is compressed.
  ///   - key: encrypts; nil for a plain file.
  init(
    path: String, id: String, front: [UInt8] = [], compression: CompressionSettings,
    key: EncryptionKey?
  ) throws {
    self.path = path
    self.compression = try Compression(compression)
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw BackupFolder.failure("write", path) }
    if !front.isEmpty { try front.withUnsafeBytes { try store($0) } }
    if let key {
      let encryption = Encryption(key: key, id: id)
      try encryption.header.withUnsafeBytes { try store($0) }
      self.encryption = encryption
    }
  }

  deinit { close(descriptor) }

  /// Adds bytes of the dump.
  func write(_ bytes: UnsafeRawBufferPointer) throws {
    rawBytes += Int64(bytes.count)
    try compression.update(bytes) { try seal($0) }
  }

  /// Ends the stream and waits until it is on disk.
  ///
  /// - Returns: SHA-256 of the file, hexadecimal.
  package func finish() throws -> String {
    try compression.finish { try seal($0) }
    if var encryption {
      try encryption.finish { try store($0) }
      self.encryption = encryption
    }
    guard fsync(descriptor) == 0 else { throw BackupFolder.failure("write", path) }
    return hash.finish()
  }

  private func seal(_ bytes: UnsafeRawBufferPointer) throws {
    guard encryption != nil else { return try store(bytes) }
    try encryption?.update(bytes) { try store($0) }
  }

  private func store(_ bytes: UnsafeRawBufferPointer) throws {
    hash.update(bytes)
    storedBytes += Int64(bytes.count)
    var rest = bytes
    while !rest.isEmpty {
      let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
      if count >= 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      } else if errno != EINTR {
        throw BackupFolder.failure("write", path)
      }
    }
  }
}
