import Foundation

/// Searches files for a text.
enum FileSearch {
  /// The files below a folder that hold a text.
  static func files(below folder: String, with needle: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    let bytes = Array(needle.utf8)
    return ([folder] + names.map { "\(folder)/\($0)" }).filter { path in
      var info = stat()
      guard lstat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_size > 0 else {
        return false
      }
      // Mapped: the logs of a server are large.
      guard let data = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped) else {
        return false
      }
      return finds(bytes, in: data)
    }
  }

  /// Whether bytes contain others, whose first byte is rare.
  static func finds(_ needle: [UInt8], in data: some ContiguousBytes) -> Bool {
    data.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, let first = needle.first else { return false }
      var start = 0
      while bytes.count - start >= needle.count {
        guard let found = memchr(base + start, Int32(first), bytes.count - start) else { break }
        let position = UnsafeRawPointer(found) - base
        if bytes.count - position >= needle.count, memcmp(found, needle, needle.count) == 0 {
          return true
        }
        start = position + 1
      }
      return false
    }
  }
}
