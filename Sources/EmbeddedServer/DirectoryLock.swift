internal import Foundation

/// An exclusive lock on a directory, which the operating system releases when the holder ends.
struct DirectoryLock: ~Copyable {
  private let descriptor: Int32

  /// Takes the lock.
  ///
  /// - Parameters:
  ///   - path: the lock file, made when missing.
  ///   - deadline: how long to wait for another holder.
  init(_ path: String, deadline: Duration) async throws(EmbeddedServerError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw EmbeddedServerError(
        code: .directoryUnusable,
        message: "cannot open the lock file \(path): \(String(cString: strerror(errno)))",
        hint: "check the owner and the mode of the directory, and the free disk space")
    }
    let clock = ContinuousClock()
    let end = clock.now + deadline
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard clock.now < end, !Task.isCancelled else {
        Glibc.close(descriptor)
        throw EmbeddedServerError(
          code: .locked, message: "another process holds the lock file \(path)",
          hint: "wait until the other start or stop has ended")
      }
      try? await Task.sleep(for: .milliseconds(20))
    }
    self.descriptor = descriptor
  }

  deinit {
    // A child process holds this descriptor, too, until its exec.
    flock(descriptor, LOCK_UN)
    Glibc.close(descriptor)
  }
}
