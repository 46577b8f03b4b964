import Foundation
import Processes
import Synchronization

/// A program that a test starts and waits for.
///
/// Foundation's own Process now and then reads beyond a buffer and crashes the whole test run
/// (swift-corelibs-foundation, pull request 5472; in Swift 6.3 still so).
package final class TestProcess: Sendable {
  /// The number of the process.
  package let pid: Int32
  private let ended = Mutex<Int32?>(nil)

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - program: its path.
  ///   - arguments: its arguments.
  ///   - environment: its whole environment; nil for that of the tests.
  ///   - directory: the working directory; nil for that of the tests.
  ///   - input: the descriptor that it reads; nil for nothing to read.
  ///   - output: the file that gets its results; nil for none.
  ///   - errors: the file that gets its errors; nil for none.
  package init(
    _ program: String, _ arguments: [String], environment: [String: String]? = nil,
    directory: String? = nil, input: Int32? = nil, output: String? = nil, errors: String? = nil
  ) throws {
    // Closing a descriptor that is not open is harmless; the margin is for files opened meanwhile.
    let front = directory.map { ["/usr/bin/env", "-C", $0] } ?? []
    pid = try ChildProcess(
      front + [program] + arguments, environment: environment, input: input,
      output: output.map { .file($0) } ?? .nothing, errors: errors.map { .file($0) } ?? .nothing,
      hasOwnSession: false
    ).pid
  }

  /// The exit status, 128 + signal when a signal ended the process; nil while it runs.
  package var status: Int32? {
    ended.withLock { ended in
      if let ended { return ended }
      var status: Int32 = 0
      guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
      ended = ChildProcess.exitStatus(of: status)
      return ended
    }
  }

  /// Sends a signal, unless the process has ended.
  package func signal(_ number: Int32) {
    if status == nil { kill(pid, number) }
  }

  /// Waits for the end of the process; kills it at the deadline.
  ///
  /// - Returns: the exit status.
  @discardableResult
  package func end(within limit: Duration = .seconds(60)) async -> Int32 {
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    // Many processes are waited for at a time, and frequent polling costs more than it gains.
    var pause = Duration.milliseconds(2)
    while true {
      if let status { return status }
      if clock.now >= deadline { signal(SIGKILL) }
      // A cancelled task does not sleep.
      if (try? await Task.sleep(for: pause)) == nil { await Task.yield() }
      pause = min(pause * 1.25, .milliseconds(20))
    }
  }
}
