internal import Foundation
internal import PayopsCore

/// Reads the files of the log archive: decrypts, unpacks, and checks them against their names.
struct ArchivedLogReader: Sendable {
  /// Starts an encrypted log; the id of its key follows.
  package static let mark = Array("PAYOPSL1".utf8)
  private static let pieceLength = 1 << 20

  /// The folder of the logs.
  package let path: String
  /// The key; with a key, unencrypted files are refused.
  package let key: EncryptionKey?
  /// Whether a reader with a key also accepts unencrypted logs of earlier versions.
  package let allowsPlain: Bool

  /// The first bytes of a file that is encrypted with a key.
  package static func front(_ key: EncryptionKey?) -> [UInt8] {
    key.map { mark + (Hexadecimal.bytes($0.id) ?? []) } ?? []
  }

  /// Whether the key fits a file, as far as its first bytes show without decrypting it.
  func accepts(_ piece: ArchivedPiece) -> Bool {
    do throws(BackupError) {
      try check(piece)
      guard piece.isEncrypted else { return true }
      return try keyId(of: try open(piece), piece) == key?.id
    } catch {
      return false
    }
  }

  /// Reads a log from its first byte to its last archived byte.
  package func read(_ log: ArchivedLog, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    for piece in log.pieces { try read(piece, body) }
  }

  /// Reads a file and passes on the part of the log in it.
  ///
  /// - Throws: ``BackupError/Code/damaged``, ``BackupError/Code/unauthentic``,
  ///   ``BackupError/Code/keyNeeded``, ``BackupError/Code/wrongKey`` or
  ///   ``BackupError/Code/unreadable``, with the name of the file.
  package func read(_ piece: ArchivedPiece, _ body: (UnsafeRawBufferPointer) throws -> Void) throws
  {
    try check(piece)
    let file = try open(piece)
    guard piece.isPacked else {
      try pieces(of: file, piece, body)
      return
    }
    var decryption: Decryption?
    if piece.isEncrypted, let key {
      guard let id = try keyId(of: file, piece) else {
        throw BackupError(.damaged, "\(piece.file) is not an encrypted log of payops")
      }
      guard id == key.id else {
        throw BackupError(
          .wrongKey, "\(piece.file) is encrypted with the key \(id), not with \(key.id)",
          hint: "name the right key file with --key FILE; after a change of the key, take a backup"
            + " with the new one")
      }
      decryption = Decryption(key: key, id: piece.context)
    }
    do {
      var unpacking = try Unpacking(decryption)
      var count: Int64 = 0
      func counted(_ bytes: UnsafeRawBufferPointer) throws {
        count += Int64(bytes.count)
        try Rethrown.wrap { try body(bytes) }
      }
      try pieces(of: file, piece) { try unpacking.update($0, counted) }
      try unpacking.finish(counted)
      guard count == piece.length else {
        throw BackupError(.damaged, "it holds \(count) bytes of the log, not \(piece.length)")
      }
    } catch let error as Rethrown {
      throw error.error
    } catch let error as BackupError where error.code == .damaged {
      throw BackupError(
        .damaged,
        "\(path)/\(piece.file) is damaged, or differs from what was archived under that name:"
          + " \(error.message)")
    }
  }

  /// An error of the consumer of the bytes, which says nothing about the file.
  private struct Rethrown: Error {
    let error: any Error

    static func wrap(_ body: () throws -> Void) throws {
      do { try body() } catch { throw Rethrown(error: error) }
    }
  }

  private func check(_ piece: ArchivedPiece) throws(BackupError) {
    if piece.isEncrypted {
      guard key == nil else { return }
      throw BackupError(
        .keyNeeded, "the archived log \(piece.file) is encrypted",
        hint: "name the key file with --key FILE")
    }
    guard key == nil || allowsPlain else {
      throw BackupError(
        .unauthentic, "the archived log \(piece.file) is not encrypted, and a key was given",
        hint: "it may have replaced one that was; if an earlier version copied it, add --unsealed;"
          + " `payops backup archive-logs --key FILE` replaces those that the server still has")
    }
  }

  private func open(_ piece: ArchivedPiece) throws(BackupError) -> StoredFile {
    do {
      return try StoredFile("\(path)/\(piece.file)")
    } catch {
      throw failure(error, piece)
    }
  }

  private func failure(_ trouble: StoredFile.Trouble, _ piece: ArchivedPiece) -> BackupError {
    if case .unreadable = trouble {
      return BackupError(
        .unreadable, "the archived log \(piece.file) \(trouble.reason)",
        hint: "its contents are unknown; check the owner and the mode of the file, and its disk")
    }
    return BackupError(.damaged, "the archived log \(piece.file) \(trouble.reason)")
  }

  /// The id of the key at the start of a file; the read position is then after it.
  private func keyId(of file: borrowing StoredFile, _ piece: ArchivedPiece) throws(BackupError)
    -> String?
  {
    var front = [UInt8](repeating: 0, count: Self.mark.count + 8)
    let count = Foundation.read(file.descriptor, &front, front.count)
    guard count >= 0 else { throw failure(.unreadable(errno), piece) }
    guard count == front.count, front.starts(with: Self.mark) else { return nil }
    return Hexadecimal.text(front[Self.mark.count...])
  }

  private func pieces(
    of file: borrowing StoredFile, _ piece: ArchivedPiece,
    _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Self.pieceLength, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count: Int
      do {
        count = try file.read(into: buffer)
      } catch {
        throw failure(error, piece)
      }
      if count == 0 { return }
      try Task.checkCancellation()
      try body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
    }
  }
}
