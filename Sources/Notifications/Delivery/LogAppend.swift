internal import Foundation

/// Appends a line to a log file.
struct LogAppend: Sendable {
  let path: String
  let line: [UInt8]

  /// Appends the line in one write, so that the lines of several writers do not mix.
  func perform() -> DeliveryOutcome {
    // Opened for each line, to follow a rotation of the log; O_NONBLOCK because a pipe would block.
    let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK
    let descriptor = open(path, flags, 0o640)
    guard descriptor >= 0 else { return retry("cannot open the log \(path)", errno) }
    defer { close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      return .failed(DeliveryFailure(.fileUnusable, "the log \(path) is not a regular file"))
    }
    let count = write(descriptor, line, line.count)
    guard count == line.count else {
      return retry("cannot write the log \(path)", count < 0 ? errno : ENOSPC)
    }
    return .delivered
  }

  private func retry(_ what: String, _ number: Int32) -> DeliveryOutcome {
    .retry(
      after: nil, DeliveryFailure(.fileUnusable, "\(what): \(String(cString: strerror(number)))"))
  }
}
