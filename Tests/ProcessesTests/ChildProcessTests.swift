import Foundation
import PayopsCore
import Synchronization
import TestSupport
import Testing

@testable import Processes

@Suite("Child processes", .timeLimit(.minutes(1)))
struct ChildProcessTests {
  private func shell(_ script: String) -> [String] { ["/bin/sh", "-c", script] }

  @Test("give their exit status, or 128 and the signal that ended them")
  func status() async throws {
    for (script, status) in [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137)] as [(_, Int32)] {
      let child = try ChildProcess(shell(script), output: .nothing)
      #expect(await child.wait(deadline: .seconds(20)) == status)
    }
  }

  @Test("write results and messages to one file or to two, behind what is there")
  func files() async throws {
    let folder = try TemporaryDirectory.make("child")
    let (output, errors) = (folder.path + "/output", folder.path + "/errors")
    for _ in 1...2 {
      let child = try ChildProcess(
        shell("echo one; echo two >&2"), output: .file(output), errors: .file(errors))
      #expect(await child.wait(deadline: .seconds(20)) == 0)
    }
    #expect(try String(contentsOfFile: output, encoding: .utf8) == "one\none\n")
    #expect(try String(contentsOfFile: errors, encoding: .utf8) == "two\ntwo\n")
    let attributes = try FileManager.default.attributesOfItem(atPath: output)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(try await ChildProcess.output(of: shell("echo one; echo two >&2")) == "one\ntwo")
  }

  @Test("get the environment that is named, nothing to read, and no open file but one")
  func surroundings() async throws {
    let folder = try TemporaryDirectory.make("child")
    let file = try NamelessFile("a secret")
    let child = try ChildProcess(
      shell("echo \"$ONLY $HOME\"; cat; cat <&3; ls /proc/$$/fd | wc -l"),
      environment: ["ONLY": "this", "PATH": "/usr/bin:/bin"],
      output: .file(folder.path + "/output"),
      inherited: file.descriptor)
    #expect(await child.wait(deadline: .seconds(20)) == 0)
    // 0 to 3; a shell may hold one of its own.
    let lines = try String(contentsOfFile: folder.path + "/output", encoding: .utf8)
    #expect(lines.hasPrefix("this \na secret"))
    #expect(try #require(Int(lines.dropFirst(14).filter(\.isNumber))) <= 5)
  }

  @Test("that take too long are killed, with what they have started")
  func deadline() async throws {
    let clock = ContinuousClock()
    let begin = clock.now
    let file = try TemporaryDirectory.make("child").path + "/output"
    let child = try ChildProcess(shell("sleep 50 & echo $!; sleep 60"), output: .file(file))
    while LogTail.size(file) == 0 { try await Task.sleep(for: .milliseconds(5)) }
    #expect(await child.wait(deadline: .milliseconds(100)) == 124)
    #expect(clock.now - begin < .seconds(40))
    // The kernel takes its time, and whoever takes over an orphan may let it lie for a while.
    let path = "/proc/\(LogTail.read(file, lines: 1))/stat"
    func isRunning() -> Bool {
      guard let state = try? String(contentsOfFile: path, encoding: .utf8) else { return false }
      return !state.contains(") Z ") && !state.contains(") X ")
    }
    while isRunning(), clock.now - begin < .seconds(45) {
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(!isRunning())
  }

  @Test("are asked to end before they are killed")
  func stop() async throws {
    let file = try TemporaryDirectory.make("child").path + "/output"
    let child = try ChildProcess(
      shell("trap 'echo end; exit 0' TERM; echo begin; while :; do sleep 0.01; done"),
      output: .file(file))
    while LogTail.read(file, lines: 1) != "begin" { try await Task.sleep(for: .milliseconds(5)) }
    await child.stop()
    #expect(LogTail.read(file, lines: 9) == "begin\nend")
  }

  @Test("that cannot be started, or fail, are an error that names them")
  func failures() async throws {
    let missing = #expect(throws: ProcessError.self) {
      try ChildProcess(["/nowhere/program"], output: .nothing)
    }
    #expect(missing?.code == .cannotStart)
    #expect(missing?.description == "cannot start /nowhere/program: No such file or directory")
    let failed = await #expect(throws: ProcessError.self) {
      try await ChildProcess.output(of: shell("echo reason >&2; exit 3"))
    }
    #expect(failed?.code == .failed)
    #expect(failed?.description == "/bin/sh ended with status 3: reason")
    #expect(failed?.fault.category == .internalError)
  }
}

@Suite("Processes that are read from", .timeLimit(.minutes(1)))
struct PipedProcessTests {
  private func run(
    _ script: String, _ onChunk: @escaping @Sendable (UnsafeRawBufferPointer) throws -> Void
  ) async throws -> (status: Int32, messages: String) {
    let errors = try NamelessFile()
    let process = try PipedProcess(["/bin/sh", "-c", script], errors: errors.descriptor)
    return (try await process.run(onChunk), errors.tail(100))
  }

  @Test("hand on every byte, and their messages and status beside that")
  func output() async throws {
    let count = Mutex(0)
    let outcome = try await run("head -c 3000000 /dev/zero; echo reason >&2; exit 5") { chunk in
      count.withLock { $0 += chunk.count }
    }
    #expect(count.withLock { $0 } == 3_000_000)
    #expect(outcome == (5, "reason\n"))
  }

  @Test("are ended when a piece is refused or the task is cancelled")
  func ended() async throws {
    struct Refused: Error {}
    await #expect(throws: Refused.self) {
      _ = try await run("while :; do echo y; done") { _ in throw Refused() }
    }
    let task = Task { try await run("echo y; sleep 50") { _ in } }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
  }
}
