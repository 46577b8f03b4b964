internal import Foundation

/// A file of a backup folder, opened for reading: never through a link, never waiting for a writer.
struct StoredFile: ~Copyable {
  /// Why a file could not be opened.
  enum Trouble: Error, Equatable {
    /// No file of that name exists.
    case missing
    /// Something else has that name: a link, a folder, a pipe.
    case isNoFile(String)
    /// It could not be examined; nothing is known about it.
    case unreadable(Int32)

    /// The trouble in a few words.
    package var reason: String {
      switch self {
      case .missing: "is missing"
      case .isNoFile(let kind): "is a \(kind), not a file"
      case .unreadable(let number): "cannot be read: \(String(cString: strerror(number)))"
      }
    }
  }

  /// The open file.
  let descriptor: Int32
  /// Bytes of the file.
  package let size: Int64

  /// Opens a file.
  ///
  /// - Parameter path: the file; its last part must not be a link.
  init(_ path: String) throws(Trouble) {
    var info = stat()
    guard lstat(path, &info) == 0 else { throw Self.trouble(errno) }
    try Self.check(info)
    // The file may be replaced right now: opening a pipe would wait for its writer.
    let opened = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)
    guard opened >= 0 else {
      throw errno == ELOOP ? .isNoFile("link") : Self.trouble(errno)
    }
    do throws(Trouble) {
      guard fstat(opened, &info) == 0 else { throw Self.trouble(errno) }
      try Self.check(info)
    } catch {
      close(opened)
      throw error
    }
    descriptor = opened
    size = Int64(info.st_size)
  }

  deinit { close(descriptor) }

  /// Reads the next bytes.
  ///
  /// - Returns: their number; 0 at the end.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(Trouble) -> Int {
    while true {
      let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR else { throw .unreadable(errno) }
    }
  }

  /// The whole of a small file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - limit: most bytes to read; a larger file is cut.
  static func contents(_ path: String, limit: Int = 64 << 20) throws(Trouble) -> Data {
    let file = try StoredFile(path)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { buffer.deallocate() }
    var data = Data()
    while data.count < limit {
      let count = try file.read(into: buffer)
      if count == 0 { break }
      data.append(
        contentsOf: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
    }
    return data
  }

  private static func trouble(_ number: Int32) -> Trouble {
    number == ENOENT ? .missing : .unreadable(number)
  }

  private static func check(_ info: stat) throws(Trouble) {
    let kind: String
    switch info.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR: kind = "folder"
    case S_IFLNK: kind = "link"
    case S_IFIFO: kind = "pipe"
    case S_IFSOCK: kind = "socket"
    default: kind = "device"
    }
    throw .isNoFile(kind)
  }
}
