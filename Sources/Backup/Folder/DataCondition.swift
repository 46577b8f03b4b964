internal import Cryptography
internal import Foundation

/// The condition of a backup's data, as far as it shows without a restore.
package enum DataCondition: Sendable, Equatable {
  /// A file of the right size exists; if it was read, its SHA-256 matches, too.
  case whole
  /// The file is missing.
  case missing
  /// Something else is in its place: a link, a folder, a pipe.
  case notAFile(String)
  /// The size differs from that of the published file.
  case wrongSize(Int64, expected: Int64)
  /// The content differs from that of the published file.
  case changed
  /// It cannot be examined from here, which says nothing about it.
  case unreadable(String)

  /// Whether no problem with the data is known.
  package var isWhole: Bool { self == .whole }

  /// Whether the data certainly differ from those that were published.
  package var isDamaged: Bool {
    switch self {
    case .whole, .unreadable: false
    case .missing, .notAFile, .wrongSize, .changed: true
    }
  }

  /// One word for programs.
  package var word: String {
    switch self {
    case .whole: "whole"
    case .missing: "missing"
    case .notAFile: "not-a-file"
    case .wrongSize: "wrong-size"
    case .changed: "changed"
    case .unreadable: "unreadable"
    }
  }

  /// The condition as a predicate, to follow the name of the data.
  package var reason: String {
    switch self {
    case .whole: "are whole"
    case .missing: "are missing"
    case .notAFile(let kind): "are a \(kind), not a file"
    case .wrongSize(let size, let expected): "have \(size) bytes, not \(expected)"
    case .changed: "are not those published: SHA-256 differs"
    case .unreadable(let why): "cannot be read: \(why)"
    }
  }
}

extension BackupFolder {
  /// Examines the data of a backup.
  ///
  /// - Parameters:
  ///   - manifest: the backup.
  ///   - readsAll: whether the file is read to its end, to compare its SHA-256; otherwise one byte
  ///     is read.
  package func look(at manifest: BackupManifest, readsAll: Bool) -> DataCondition {
    do throws(StoredFile.Trouble) {
      let file = try StoredFile(dataPath(of: manifest))
      guard file.size == manifest.data.storedBytes else {
        return .wrongSize(file.size, expected: manifest.data.storedBytes)
      }
      let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: readsAll ? 1 << 20 : 1, alignment: 16)
      defer { buffer.deallocate() }
      guard readsAll else {
        _ = try file.read(into: buffer)
        return .whole
      }
      var hash = SHA256()
      while true {
        let count = try file.read(into: buffer)
        if count == 0 { break }
        hash.update(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
      }
      return hash.finish() == manifest.data.sha256 ? .whole : .changed
    } catch {
      switch error {
      case .missing: return .missing
      case .isNoFile(let kind): return .notAFile(kind)
      case .unreadable(let number): return .unreadable(String(cString: strerror(number)))
      }
    }
  }
}
