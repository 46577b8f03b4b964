import Foundation
import Testing

@Suite("Program", .timeLimit(.minutes(5)))
struct ProgramTests {
  @Test("the program prints its version")
  func version() async throws {
    let run = try await ProgramRun.payops(["version"])
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("payops version 0.2.0\n"))
    #expect(try await ProgramRun.payops(["--version"]).output == "payops version 0.2.0\n")
    let json = try await ProgramRun.payops(["version", "--json"])
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(object?["payops"] as? String == "0.2.0")
  }

  @Test("the program without arguments shows the verbs and exits with the usage code")
  func noArguments() async throws {
    let run = try await ProgramRun.payops([])
    #expect(run.status == 64)
    #expect(run.output.contains("Verbs:"))
  }

  @Test("a usage error is reported with the nearest word on standard error only")
  func usageError() async throws {
    let run = try await ProgramRun.payops(["completions", "bash", "--quite"])
    #expect(run.status == 64)
    #expect(run.output == "")
    #expect(
      run.errors == "payops: error: unknown option --quite\nhint: did you mean --quiet?\n")
  }

  @Test("an error with --json is one JSON object")
  func jsonError() async throws {
    let run = try await ProgramRun.payops(["--json", "versoin"])
    #expect(run.status == 64)
    #expect(
      run.errors
        == #"{"error":"`payops` has no verb 'versoin'","hint":"did you mean version?","code":"usage","exit_code":64}"#
        + "\n")
  }

  @Test("no escape sequence is printed when the output is not a terminal")
  func noColours() async throws {
    for arguments in [["--help"], ["versoin"]] {
      let run = try await ProgramRun.payops(arguments, environment: ["TERM": "xterm-256color"])
      #expect(!(run.output + run.errors).contains("\u{1B}"))
    }
  }

  @Test("control characters of arguments are neutralised in messages")
  func hostileArgument() async throws {
    let run = try await ProgramRun.payops(["a\u{1B}[2Jb"])
    #expect(run.status == 64)
    #expect(!run.errors.contains("\u{1B}"))
  }

  @Test("the program ends quietly when the reader of its output has gone")
  func brokenPipe() async throws {
    // The shell only creates the pipe; the program is an argument.
    let run = try await ProgramRun.run(
      URL(filePath: "/bin/bash"),
      [
        "-c", #"exec 3> >(exit 0); wait $!; "$0" help --json >&3; echo "status $?""#,
        try ProgramRun.binary.path,
      ])
    #expect(run.output == "status 141\n")
    #expect(run.errors == "")
  }

  @Test("an output that cannot be written is an error")
  func fullDevice() async throws {
    let run = try await ProgramRun.run(
      URL(filePath: "/bin/bash"), ["-c", #""$0" version > /dev/full"#, try ProgramRun.binary.path])
    #expect(run.status == 73)
    #expect(
      run.errors == "payops: error: cannot write to standard output: No space left on device\n")
  }
}
