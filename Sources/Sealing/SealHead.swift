internal import Foundation

/// The last batch that was sealed with a file of keys. It is kept beside that file, so that a
/// removal of the newest batches is noticed.
struct SealHead: Sendable, Equatable {
  let batch: Int64
  let mac: String

  /// The file of a schema.
  static func path(keys: SealKeys, schema: String) -> String {
    let name = schema.utf8.map { byte in
      byte.isLetterOrDigit ? String(UnicodeScalar(byte)) : "%\(byte)"
    }.joined()
    return keys.path + "." + name + ".head"
  }

  /// Reads a head; nil when it is absent or unreadable.
  static func read(_ path: String) -> SealHead? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let parts = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    guard parts.count == 2, let batch = Int64(parts[0]), parts[1].utf8.count == 64 else {
      return nil
    }
    return SealHead(batch: batch, mac: String(parts[1]))
  }

  /// Writes the head to its file.
  func write(_ path: String) throws(SealingError) {
    guard PrivateFile.replace(path, with: "\(batch) \(mac)\n") else {
      throw SealingError(
        .unwritableHead, "cannot write \(path): \(String(cString: strerror(errno)))",
        hint: "payops must be able to write where its seal key is")
    }
  }
}

extension UInt8 {
  fileprivate var isLetterOrDigit: Bool {
    self == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
  }
}
