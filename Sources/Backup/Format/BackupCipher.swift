internal import Cryptography

/// The encryption of a backup: libsodium's secretstream (XChaCha20-Poly1305).
///
/// The file is a mark of 8 bytes, the stream's header, and pieces of 64 KiB, each with its tag; the
/// last is marked as final. The name of the backup is authenticated with every piece, so pieces can
/// be neither reordered, cut off, nor taken from another backup.
enum BackupCipher {
  static let mark = Array("PAYOPSE1".utf8)
  /// Plain bytes of a piece.
  static let pieceLength = 64 << 10
}

/// Encrypts a stream.
struct Encryption {
  private var stream: SecretStream.Encryptor
  private let context: [UInt8]
  private var pending: [UInt8] = []
  private var output = [UInt8](
    repeating: 0, count: BackupCipher.pieceLength + SecretStream.tagLength)
  /// The first bytes of the file.
  var header: [UInt8] { BackupCipher.mark + stream.header }

  /// - Parameters:
  ///   - key: the key.
  ///   - id: the name of the backup.
  init(key: EncryptionKey, id: String) {
    stream = SecretStream.Encryptor(key: key.secret)
    context = Array(id.utf8)
    pending.reserveCapacity(BackupCipher.pieceLength)
  }

  /// Encrypts bytes; passes on full pieces and keeps the rest.
  package mutating func update(
    _ bytes: UnsafeRawBufferPointer, _ write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var rest = bytes
    while !rest.isEmpty {
      // A full piece is held back, as the last one must be marked.
      if pending.count == BackupCipher.pieceLength { try push(isLast: false, write) }
      let count = min(rest.count, BackupCipher.pieceLength - pending.count)
      pending.append(contentsOf: rest.prefix(count))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
  }

  /// Encrypts the last piece.
  package mutating func finish(_ write: (UnsafeRawBufferPointer) throws -> Void) throws {
    try push(isLast: true, write)
  }

  private mutating func push(
    isLast: Bool, _ write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let count = stream.push(pending, context: context, isLast: isLast, into: &output)
    pending.removeAll(keepingCapacity: true)
    try output.withUnsafeBytes { try write(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
  }
}

/// Decrypts a stream.
struct Decryption {
  private let key: EncryptionKey
  private let context: [UInt8]
  /// Nil before the header has been read.
  private var stream: SecretStream.Decryptor?
  private var pending: [UInt8] = []
  private var plain = [UInt8](repeating: 0, count: BackupCipher.pieceLength)
  /// Whether the piece that is marked as final has been read.
  private(set) var isComplete = false

  /// - Parameters:
  ///   - key: the key.
  ///   - id: the name of the backup.
  init(key: EncryptionKey, id: String) {
    self.key = key
    context = Array(id.utf8)
  }

  /// Decrypts bytes of the file.
  package mutating func update(
    _ bytes: UnsafeRawBufferPointer, _ write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    pending.append(contentsOf: bytes)
    if stream == nil {
      let front = BackupCipher.mark.count + SecretStream.headerLength
      guard pending.count >= front else { return }
      guard pending.starts(with: BackupCipher.mark) else {
        throw BackupError(.damaged, "the file is not an encrypted backup of payops")
      }
      let header = Array(pending[BackupCipher.mark.count..<front])
      stream = SecretStream.Decryptor(header: header, key: key.secret)
      pending.removeFirst(front)
    }
    let whole = BackupCipher.pieceLength + SecretStream.tagLength
    var position = 0
    while pending.count - position >= whole {
      try pull(position..<position + whole, write)
      position += whole
    }
    pending.removeFirst(position)
  }

  /// Decrypts the remaining bytes.
  ///
  /// - Throws: ``BackupError/Code/damaged`` when the final piece is missing.
  package mutating func finish(_ write: (UnsafeRawBufferPointer) throws -> Void) throws {
    if !pending.isEmpty, stream != nil, !isComplete { try pull(0..<pending.count, write) }
    guard isComplete else {
      throw BackupError(.damaged, "the encrypted file is cut off: its last piece is missing")
    }
  }

  private mutating func pull(
    _ range: Range<Int>, _ write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard !isComplete else {
      throw BackupError(.damaged, "there are bytes after the last piece of the encrypted file")
    }
    guard let (count, isLast) = stream?.pull(pending[range], context: context, into: &plain)
    else {
      throw BackupError(
        .damaged, "the file cannot be decrypted: it was changed, or is not of this backup")
    }
    isComplete = isLast
    try plain.withUnsafeBytes { try write(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
  }
}
