import Foundation
import Synchronization

/// A program that a test starts and waits for.
///
/// Foundation's own Process now and then reads beyond a buffer and crashes the whole test run
/// (swift-corelibs-foundation, pull request 5472; in Swift 6.3 still so).
package final class TestProcess: Sendable {
  /// A program that could not be started.
  package struct CannotStart: Error, CustomStringConvertible {
    package let description: String
  }

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
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    for (descriptor, path) in [(1, output), (2, errors)] as [(Int32, String?)] {
      posix_spawn_file_actions_addopen(
        &actions, descriptor, path ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    }
    // Closing a descriptor that is not open is harmless; the margin is for files opened meanwhile.
    let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
    for descriptor in 3...((open.compactMap { Int32($0) }.max() ?? 256) + 64) {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    let variables = environment ?? ProcessInfo.processInfo.environment
    let front = directory.map { ["/usr/bin/env", "-C", $0] } ?? []
    let line = front + [program] + arguments
    var words = line.map { strdup($0) } + [nil]
    var settings = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + settings { free(text) } }
    var child: pid_t = 0
    let status = posix_spawn(&child, line[0], &actions, &attributes, &words, &settings)
    guard status == 0 else {
      throw CannotStart(
        description: "cannot start \(program): \(String(cString: strerror(status)))")
    }
    pid = child
  }

  /// The exit status, 128 + signal when a signal ended the process; nil while it runs.
  package var status: Int32? {
    ended.withLock { ended in
      if let ended { return ended }
      var status: Int32 = 0
      guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
      ended = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
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
