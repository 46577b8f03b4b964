internal import Foundation

/// The end of a log file.
enum LogTail {
  /// Size of a file; 0 when there is none.
  static func size(_ path: String) -> UInt64 {
    var info = stat()
    return stat(path, &info) == 0 ? UInt64(clamping: info.st_size) : 0
  }

  /// The last lines of a file.
  ///
  /// - Parameters:
  ///   - path: the file; a missing one is empty.
  ///   - start: bytes before this place are left out.
  ///   - lines: how many lines at most; of a server's log the errors when there are any.
  static func read(_ path: String, from start: UInt64 = 0, lines: Int) -> String {
    guard let file = FileHandle(forReadingAtPath: path) else { return "" }
    defer { try? file.close() }
    let size = size(path)
    let limit: UInt64 = 64 << 10
    try? file.seek(toOffset: max(start, size > limit ? size - limit : 0))
    let data = (try? file.readToEnd()) ?? Data()
    let all = String(decoding: data, as: UTF8.self).split(separator: "\n")
      .filter { !$0.allSatisfy(\.isWhitespace) }
    let errors = all.filter { $0.contains("[ERROR]") && !$0.hasSuffix("[ERROR] Aborting") }
    return (errors.isEmpty ? all : errors).suffix(lines).joined(separator: "\n")
  }
}
