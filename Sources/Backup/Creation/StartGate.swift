internal import Foundation
internal import Synchronization

/// Holds a started program back until it is released.
///
/// Starting a program takes far longer than connecting, so it is started before locks are taken.
/// The program gets its option file through a pipe and waits until it has read it to the end.
package final class StartGate: Sendable {
  private struct State {
    var writer: Int32?
    var isOpen = false
  }

  private let state = Mutex(State())

  /// Writes the options into the pipe.
  ///
  /// - Parameter options: less than a pipe holds, 64 KiB.
  /// - Returns: the end from which the program reads; the caller closes it.
  package func load(_ options: String) throws(BackupError) -> Int32 {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw BackupError(.toolFailed, "cannot make a pipe: \(String(cString: strerror(errno)))")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let bytes = Array(options.utf8)
    let isWritten = Foundation.write(ends[1], bytes, bytes.count) == bytes.count
    state.withLock { state in
      if state.isOpen { close(ends[1]) } else { state.writer = ends[1] }
    }
    guard isWritten else {
      close(ends[0])
      throw BackupError(
        .toolFailed, "cannot write into a pipe: \(String(cString: strerror(errno)))")
    }
    return ends[0]
  }

  /// Lets the program continue.
  package func open() {
    state.withLock { state in
      state.isOpen = true
      if let writer = state.writer { close(writer) }
      state.writer = nil
    }
  }

  deinit { open() }
}
