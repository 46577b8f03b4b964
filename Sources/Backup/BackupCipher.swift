internal import CSodium

/// The encryption of a backup: libsodium's secretstream (XChaCha20-Poly1305).
///
/// The file is a mark of 8 bytes, the stream's header, and pieces of 64 KiB, each with its tag; the
/// last is marked as final. The name of the backup is authenticated with every piece, so pieces can
/// be neither reordered, cut off, nor taken from another backup.
enum BackupCipher {
  static let mark = Array("PAYOPSE1".utf8)
  /// Plain bytes of a piece.
  static let pieceLength = 64 << 10
  static let headerLength = Int(crypto_secretstream_xchacha20poly1305_headerbytes())
  static let tagLength = Int(crypto_secretstream_xchacha20poly1305_abytes())
}

/// Encrypts a stream.
struct Encryption {
  private var state = crypto_secretstream_xchacha20poly1305_state()
  private let context: [UInt8]
  private var pending: [UInt8] = []
  private var output = [UInt8](
    repeating: 0, count: BackupCipher.pieceLength + BackupCipher.tagLength)
  /// The front of the file.
  let header: [UInt8]

  /// - Parameters:
  ///   - key: the key.
  ///   - id: the name of the backup.
  init(key: EncryptionKey, id: String) {
    var header = [UInt8](repeating: 0, count: BackupCipher.headerLength)
    crypto_secretstream_xchacha20poly1305_init_push(&state, &header, key.bytes)
    self.header = BackupCipher.mark + header
    context = Array(id.utf8)
    pending.reserveCapacity(BackupCipher.pieceLength)
  }

  /// Encrypts bytes; whole pieces are handed on, the rest is kept.
  mutating func update(
    _ bytes: UnsafeRawBufferPointer, _ write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var rest = bytes
    while !rest.isEmpty {
      // A full piece is held back: the last one must be marked.
      if pending.count == BackupCipher.pieceLength { try push(isLast: false, write) }
      let count = min(rest.count, BackupCipher.pieceLength - pending.count)
      pending.append(contentsOf: rest.prefix(count))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
  }

  /// Encrypts the last piece.
  mutating func finish(_ write: (UnsafeRawBufferPointer) throws -> Void) throws {
    try push(isLast: true, write)
  }

  private mutating func push(
    isLast: Bool, _ write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let tag =
      isLast
      ? crypto_secretstream_xchacha20poly1305_tag_final()
      : crypto_secretstream_xchacha20poly1305_tag_message()
    crypto_secretstream_xchacha20poly1305_push(
      &state, &output, nil, pending, UInt64(pending.count), context, UInt64(context.count),
      UInt8(tag))
    let count = pending.count + BackupCipher.tagLength
    pending.removeAll(keepingCapacity: true)
    try output.withUnsafeBytes { try write(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
  }
}

/// Decrypts a stream.
struct Decryption {
  private let key: EncryptionKey
  private let context: [UInt8]
  private var state = crypto_secretstream_xchacha20poly1305_state()
  private var pending: [UInt8] = []
  private var plain = [UInt8](repeating: 0, count: BackupCipher.pieceLength)
  private var hasBegun = false
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
  mutating func update(
    _ bytes: UnsafeRawBufferPointer, _ write: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    pending.append(contentsOf: bytes)
    if !hasBegun {
      let front = BackupCipher.mark.count + BackupCipher.headerLength
      guard pending.count >= front else { return }
      guard pending.starts(with: BackupCipher.mark) else {
        throw BackupError(.damaged, "the file is not an encrypted backup of payops")
      }
      let header = Array(pending[BackupCipher.mark.count..<front])
      crypto_secretstream_xchacha20poly1305_init_pull(&state, header, key.bytes)
      pending.removeFirst(front)
      hasBegun = true
    }
    let whole = BackupCipher.pieceLength + BackupCipher.tagLength
    var position = 0
    while pending.count - position >= whole {
      try pull(position..<position + whole, write)
      position += whole
    }
    pending.removeFirst(position)
  }

  /// Decrypts what is left.
  ///
  /// - Throws: ``BackupError/Code/damaged`` when the final piece is missing.
  mutating func finish(_ write: (UnsafeRawBufferPointer) throws -> Void) throws {
    if !pending.isEmpty, hasBegun, !isComplete { try pull(0..<pending.count, write) }
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
    var tag: UInt8 = 0
    var length: UInt64 = 0
    let status = pending[range].withUnsafeBufferPointer { piece in
      crypto_secretstream_xchacha20poly1305_pull(
        &state, &plain, &length, &tag, piece.baseAddress, UInt64(piece.count), context,
        UInt64(context.count))
    }
    guard status == 0, range.count >= BackupCipher.tagLength else {
      throw BackupError(
        .damaged, "the file cannot be decrypted: it was changed, or is not of this backup")
    }
    isComplete = Int32(tag) == Int32(crypto_secretstream_xchacha20poly1305_tag_final())
    try plain.withUnsafeBytes {
      try write(UnsafeRawBufferPointer(rebasing: $0[..<Int(length)]))
    }
  }
}
