internal import Foundation

/// The end of a log file.
package enum LogTail {
  /// Bytes that are read at most.
  static let limit = 64 << 10

  /// Size of a file; 0 if it does not exist.
  package static func size(_ path: String) -> UInt64 {
    var info = stat()
    return stat(path, &info) == 0 ? UInt64(clamping: info.st_size) : 0
  }

  /// The last lines of a file.
  ///
  /// - Parameters:
  ///   - path: the file; a missing one is empty.
  ///   - start: bytes before this position are left out.
  ///   - lines: most lines; of a server's log only the errors, if any.
  package static func read(_ path: String, from start: UInt64 = 0, lines: Int) -> String {
    guard let file = FileHandle(forReadingAtPath: path) else { return "" }
    defer { try? file.close() }
    let size = size(path)
    let limit = UInt64(limit)
    try? file.seek(toOffset: max(start, size > limit ? size - limit : 0))
    let data = (try? file.readToEnd()) ?? Data()
    return Self.lines(of: String(decoding: data, as: UTF8.self), count: lines)
  }

  /// The last non-blank lines of a text; of a server's log only the errors, if any.
  static func lines(of text: String, count: Int) -> String {
    let all = text.split(separator: "\n").filter { !$0.allSatisfy(\.isWhitespace) }
    let errors = all.filter { $0.contains("[ERROR]") && !$0.hasSuffix("[ERROR] Aborting") }
    return (errors.isEmpty ? all : errors).suffix(count).joined(separator: "\n")
  }
}
