package import Foundation

/// A process started with an argument array, never through a shell.
///
/// It has a session of its own, so that Ctrl-C at the terminal does not reach it, no open file of
/// this process but one that is handed over, and nothing to read.
package struct ChildProcess: Sendable {
  /// The number of the process.
  package let pid: pid_t

  /// Where the output of a process goes.
  enum Output {
    /// Both streams to the end of a file.
    case file(String)
    /// Results and errors into a descriptor each.
    case descriptors(Int32, errors: Int32)
  }

  /// `POSIX_SPAWN_SETSID` of <spawn.h>, which Swift does not import.
  private static let newSessionFlag: Int16 = 0x80

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - arguments: path of the program and its arguments.
  ///   - outputPath: the file to which both output streams are appended.
  package init(_ arguments: [String], outputPath: String) throws(EmbeddedServerError) {
    try self.init(arguments, output: .file(outputPath))
  }

  /// Starts a program whose results are read from a pipe.
  ///
  /// - Parameters:
  ///   - arguments: path of the program and its arguments.
  ///   - inherited: a descriptor that the program gets as number 3; nil for none.
  ///   - errors: the descriptor that the error stream goes to.
  /// - Returns: the process and the end of the pipe to read from, which the caller closes.
  /// - Throws: ``EmbeddedServerError/Code/processFailed``.
  package static func piped(_ arguments: [String], inherited: Int32?, errors: Int32)
    throws(EmbeddedServerError) -> (process: ChildProcess, output: Int32)
  {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw EmbeddedServerError(
        code: .processFailed, message: "cannot make a pipe: \(String(cString: strerror(errno)))")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[1]) }
    do {
      let child = try ChildProcess(
        arguments, output: .descriptors(ends[1], errors: errors), inherited: inherited)
      return (child, ends[0])
    } catch {
      close(ends[0])
      throw error
    }
  }

  private init(_ arguments: [String], output: Output, inherited: Int32? = nil)
    throws(EmbeddedServerError)
  {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    let append = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW
    switch output {
    case .file(let path):
      posix_spawn_file_actions_addopen(&actions, 1, path, append, 0o600)
      posix_spawn_file_actions_adddup2(&actions, 1, 2)
    case .descriptors(let results, let errors):
      posix_spawn_file_actions_adddup2(&actions, results, 1)
      posix_spawn_file_actions_adddup2(&actions, errors, 2)
    }
    if let inherited { posix_spawn_file_actions_adddup2(&actions, inherited, 3) }
    // Closing what is not open does no harm; the margin is for files opened meanwhile.
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
      Self.newSessionFlag | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))

    var strings: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    strings.append(nil)
    defer { for string in strings { free(string) } }
    var child: pid_t = 0
    let status = posix_spawn(&child, arguments[0], &actions, &attributes, strings, environ)
    guard status == 0 else {
      throw EmbeddedServerError(
        code: .processFailed,
        message: "cannot start \(arguments[0]): \(String(cString: strerror(status)))")
    }
    pid = child
  }

  private static var highestDescriptor: Int32 {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return names.compactMap { Int32($0) }.max() ?? 256
  }

  /// Starts a program that is killed when this process ends, however it ends.
  ///
  /// The kernel ties that to the thread which starts the program, so the thread stays.
  static func bound(_ arguments: [String], outputPath: String) async throws(EmbeddedServerError)
    -> ChildProcess
  {
    let result: Result<ChildProcess, EmbeddedServerError> = await withCheckedContinuation {
      continuation in
      Thread.detachNewThread {
        do throws(EmbeddedServerError) {
          let child = try ChildProcess(
            ["/usr/bin/setpriv", "--pdeathsig", "KILL"] + arguments, outputPath: outputPath)
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
  /// somebody else has taken the status already.
  package func exitStatus() -> Int32? {
    var status: Int32 = 0
    let ended = waitpid(pid, &status, WNOHANG)
    if ended < 0, errno == ECHILD { return 255 }
    guard ended == pid else { return nil }
    return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
  }

  /// Waits for the end of the process; kills it at the deadline.
  ///
  /// - Parameters:
  ///   - deadline: how long to wait.
  ///   - isHopeless: whether it is not worth waiting any longer.
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
      // Not Task.sleep: this is called when the task is cancelled, too.
      usleep(20_000)
    }
    kill(-pid, SIGKILL)
    var status: Int32 = 0
    waitpid(pid, &status, 0)
  }

  /// The last lines that a program wrote to a file.
  package static func tail(of path: String) -> String { LogTail.read(path, lines: 50) }

  /// Runs a short program and gives what it writes.
  package static func output(of arguments: [String]) async throws(EmbeddedServerError) -> String {
    let path = NSTemporaryDirectory() + "/payops-output-\(UUID().uuidString)"
    defer { unlink(path) }
    let child = try ChildProcess(arguments, outputPath: path)
    let status = await child.wait(deadline: .seconds(20))
    let text = LogTail.read(path, lines: 50)
    guard status == 0 else {
      throw EmbeddedServerError(
        code: .processFailed, message: "\(arguments[0]) ended with status \(status)", log: text)
    }
    return text
  }
}
