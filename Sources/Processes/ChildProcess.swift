internal import Foundation

/// A process started with an argument array, never through a shell.
///
/// It inherits only the given open files, and has the default signal handling.
package struct ChildProcess: Sendable {
  /// The number of the process.
  package let pid: Int32

  /// The target of an output stream.
  package enum Destination: Sendable {
    /// Nowhere.
    case nothing
    /// To the end of a file, which is created if missing, private to its owner.
    case file(String)
    /// Into an open file of this process.
    case descriptor(Int32)
  }

  /// `POSIX_SPAWN_SETSID` of <spawn.h>, which Swift does not import.
  private static let newSessionFlag: Int16 = 0x80

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - arguments: path of the program and its arguments.
  ///   - environment: its whole environment; nil for that of this process.
  ///   - input: the descriptor that it reads; nil for nothing to read.
  ///   - output: where its results go.
  ///   - errors: where its messages go; nil for where the results go.
  ///   - inherited: a descriptor that it gets as number 3; nil for none.
  ///   - hasOwnSession: whether it has a session of its own, which Ctrl-C does not reach.
  /// - Throws: ``ProcessError/Code/cannotStart``.
  package init(
    _ arguments: [String], environment: [String: String]? = nil, input: Int32? = nil,
    output: Destination, errors: Destination? = nil, inherited: Int32? = nil,
    hasOwnSession: Bool = true
  ) throws(ProcessError) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    Self.direct(1, to: output, &actions)
    if let errors {
      Self.direct(2, to: errors, &actions)
    } else {
      posix_spawn_file_actions_adddup2(&actions, 1, 2)
    }
    if let inherited { posix_spawn_file_actions_adddup2(&actions, inherited, 3) }
    // Closing an unopened descriptor is harmless; the margin covers files opened meanwhile.
    for descriptor in (inherited == nil ? 3 : 4)...(Self.highestDescriptor + 64) {
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
      &attributes,
      (hasOwnSession ? Self.newSessionFlag : 0) | Int16(POSIX_SPAWN_SETSIGMASK)
        | Int16(POSIX_SPAWN_SETSIGDEF))

    let words = CStrings(arguments)
    let variables = environment.map { CStrings($0.map { "\($0.key)=\($0.value)" }) }
    var child: pid_t = 0
    let status = posix_spawn(
      &child, arguments[0], &actions, &attributes, words.pointers,
      variables?.pointers ?? environ)
    withExtendedLifetime((words, variables)) {}
    guard status == 0 else {
      throw ProcessError(
        .cannotStart, "cannot start \(arguments[0]): \(String(cString: strerror(status)))")
    }
    pid = child
  }

  private static func direct(
    _ stream: Int32, to destination: Destination, _ actions: inout posix_spawn_file_actions_t
  ) {
    switch destination {
    case .nothing:
      posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0)
    case .file(let path):
      posix_spawn_file_actions_addopen(
        &actions, stream, path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600)
    case .descriptor(let descriptor):
      posix_spawn_file_actions_adddup2(&actions, descriptor, stream)
    }
  }

  private static var highestDescriptor: Int32 {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return names.compactMap { Int32($0) }.max() ?? 256
  }

  /// Starts a program that is killed when this process ends, however it ends.
  ///
  /// The kernel ties this to the thread that starts the program, so that thread stays.
  package static func bound(
    _ arguments: [String], output: Destination
  ) async throws(ProcessError) -> ChildProcess {
    let result: Result<ChildProcess, ProcessError> = await withCheckedContinuation {
      continuation in
      Thread.detachNewThread {
        do throws(ProcessError) {
          let child = try ChildProcess(
            ["/usr/bin/setpriv", "--pdeathsig", "KILL"] + arguments, output: output)
          continuation.resume(returning: .success(child))
          while true { pause() }
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try result.get()
  }

  /// The exit status when the process has ended: 128 + signal when a signal ended it, 255 when
  /// the status was already collected.
  package func exitStatus() -> Int32? {
    var status: Int32 = 0
    let ended = waitpid(pid, &status, WNOHANG)
    if ended < 0, errno == ECHILD { return 255 }
    return ended == pid ? Self.exitStatus(of: status) : nil
  }

  /// The exit status for a status of `wait`: 128 + signal when a signal ended it.
  package static func exitStatus(of status: Int32) -> Int32 {
    status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
  }

  /// Waits for the end of the process; kills it at the deadline.
  ///
  /// - Parameters:
  ///   - deadline: how long to wait.
  ///   - isHopeless: whether waiting any longer is pointless.
  /// - Returns: the exit status, 124 when it was killed.
  package func wait(
    deadline: Duration, unless isHopeless: () -> Bool = { false }
  ) async -> Int32 {
    let clock = ContinuousClock()
    let end = clock.now + deadline
    while clock.now < end, !Task.isCancelled, !isHopeless() {
      if let status = exitStatus() { return status }
      try? await Task.sleep(for: .milliseconds(10))
    }
    kill(-pid, SIGKILL)
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    return 124
  }

  /// Asks the process to end, and kills it when it has not after ten seconds.
  package func stop() async {
    kill(pid, SIGTERM)
    let clock = ContinuousClock()
    let end = clock.now + .seconds(10)
    while clock.now < end {
      if exitStatus() != nil { return }
      // Not Task.sleep, as the task may be cancelled.
      usleep(20_000)
    }
    kill(-pid, SIGKILL)
    var status: Int32 = 0
    waitpid(pid, &status, 0)
  }

  /// Runs a short program and returns its output.
  ///
  /// - Parameter arguments: path of the program and its arguments.
  /// - Returns: the last lines of its results and messages.
  /// - Throws: ``ProcessError`` when it cannot be started, fails, or takes longer than 20 s.
  package static func output(of arguments: [String]) async throws(ProcessError) -> String {
    let file = try NamelessFile()
    let child = try ChildProcess(arguments, output: .descriptor(file.descriptor))
    let status = await child.wait(deadline: .seconds(20))
    let text = LogTail.lines(of: file.tail(LogTail.limit), count: 50)
    guard status == 0 else {
      throw ProcessError(.failed, "\(arguments[0]) ended with status \(status)", log: text)
    }
    return text
  }
}

/// Texts as a C array of pointers that ends with a null pointer.
private final class CStrings {
  let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let count: Int

  init(_ texts: [String]) {
    count = texts.count
    pointers = .allocate(capacity: count + 1)
    pointers.initialize(repeating: nil, count: count + 1)
    for (place, text) in texts.enumerated() { pointers[place] = strdup(text) }
  }

  deinit {
    for place in 0..<count { free(pointers[place]) }
    pointers.deallocate()
  }
}
