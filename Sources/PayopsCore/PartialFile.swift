package import Foundation

/// A file that is written beside its place and takes its name only when it is complete.
package final class PartialFile {
  private let target: URL
  private let path: String
  private let handle: Int32

  /// Opens the file beside its place.
  ///
  /// - Parameter target: where the file is to appear; a file that is there is replaced at the end
  /// - Throws: a failure when it cannot be created
  package init(for target: URL) throws {
    self.target = target
    path = target.path(percentEncoded: false) + ".\(getpid()).part"
    // What is there under the name may be somebody else's, who could read what is written to it.
    unlink(path)
    handle = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard handle >= 0 else { throw Self.failure(path) }
  }

  deinit { close(handle) }

  /// Appends bytes.
  ///
  /// - Parameter bytes: the bytes
  /// - Throws: a failure when they cannot be written
  package func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes
    while !rest.isEmpty {
      let written = Foundation.write(handle, rest.baseAddress, rest.count)
      if written >= 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      } else if errno != EINTR {
        throw Self.failure(path)
      }
    }
  }

  /// Gives the file its name.
  ///
  /// - Throws: a failure when it cannot be written or renamed
  package func finish() throws {
    guard fsync(handle) == 0 else { throw Self.failure(path) }
    let name = target.path(percentEncoded: false)
    guard rename(path, name) == 0 else { throw Self.failure(name) }
  }

  /// Removes what has been written.
  package func discard() {
    unlink(path)
  }

  private static func failure(_ path: String) -> Fault {
    Fault(
      .cannotCreate, "cannot write \(path): \(String(cString: strerror(errno)))",
      hint: errno == ENOSPC ? "free some space, then run the same command again" : nil)
  }
}
