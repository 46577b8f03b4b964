import Glibc

/// The bytes of a file, a pipe or the standard input, with a checksum of all that was read.
final class FileByteSource: ByteSource {
  private let descriptor: Int32
  private let name: String
  private let isOwned: Bool

  /// Opens a file.
  ///
  /// - Parameter path: the path; `-` is the standard input.
  /// - Throws: ``ImportError`` when the file cannot be opened, or is a directory.
  init(path: String) throws(ImportError) {
    guard path != "-" else {
      descriptor = 0
      name = "standard input"
      isOwned = false
      return
    }
    name = path
    isOwned = true
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw ImportError(.unreadable, "cannot open \(path): \(Self.text(errno))")
    }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw ImportError(.unreadable, "\(path) is a directory", hint: "name one file")
    }
  }

  deinit { if isOwned, descriptor >= 0 { close(descriptor) } }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int {
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR else {
        throw ImportError(.unreadable, "cannot read \(name): \(Self.text(errno))")
      }
    }
  }

  private static func text(_ number: Int32) -> String {
    String(cString: strerror(number)).lowercased()
  }
}
