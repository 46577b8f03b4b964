internal import Foundation

/// An unlinked file, which disappears with its descriptor.
package struct NamelessFile: ~Copyable {
  /// The open file.
  package let descriptor: Int32

  /// Makes a file, in memory where the system allows it.
  ///
  /// - Parameter text: its contents; the read position is the beginning.
  package init(_ text: String = "") throws(ProcessError) {
    let folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()
    var template = Array("\(folder)/payops-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw Self.failure("make a file in", folder) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(template)
    let bytes = Array(text.utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count, lseek(descriptor, 0, SEEK_SET) == 0
    else { throw Self.failure("write a file in", folder) }
  }

  private static func failure(_ verb: String, _ folder: String) -> ProcessError {
    let number = errno
    return ProcessError(
      number == ENOSPC || number == EDQUOT ? .noSpace : .fileUnusable,
      "cannot \(verb) \(folder): \(String(cString: strerror(number)))")
  }

  /// The last bytes of the contents, as a text.
  package func tail(_ count: Int) -> String {
    let end = lseek(descriptor, 0, SEEK_END)
    var bytes = [UInt8](repeating: 0, count: min(count, Int(end)))
    let read = pread(descriptor, &bytes, bytes.count, end - off_t(bytes.count))
    return String(decoding: bytes.prefix(max(0, read)), as: UTF8.self)
  }

  deinit { close(descriptor) }
}
