import Testing

/// Mistakes that cost nothing when the answer says what to do.
@Suite("Mistakes at the command line", .timeLimit(.minutes(2)))
struct PlainMistakeTests {
  @Test("a shell without completions is answered with those that have them")
  func shells() async throws {
    let tcsh = try await ProgramRun.payops(["completions", "tcsh"])
    #expect(tcsh.status == 64)
    #expect(tcsh.errors.contains("hint: one of bash, zsh, fish"), "\(tcsh.errors)")
    let nushell = try await ProgramRun.payops(["completions", "nushell"])
    #expect(nushell.errors.contains("hint: one of bash, zsh, fish"), "\(nushell.errors)")
  }

  @Test(
    "a password on the command line is answered with where it belongs, and not repeated",
    arguments: ["--password=s3cret", "-ps3cret", "--passwd", "--pass", "-p"])
  func passwords(word: String) async throws {
    for verb in [["health"], ["version"], ["server", "shell"], ["config"]] {
      let run = try await ProgramRun.payops(verb + [word])
      #expect(run.status == 64)
      #expect(run.errors.contains("--defaults-file"), "\(run.errors)")
      #expect(!run.errors.contains("s3cret"), "\(run.errors)")
    }
  }

  @Test(
    "who cannot connect is told why",
    arguments: [
      (["--socket", "/nowhere/server.sock"], "no such file or directory"),
      (["--host", "127.0.0.1", "--port", "1"], "connection refused"),
    ])
  func reasons(words: [String], reason: String) async throws {
    let run = try await ProgramRun.payops(["health"] + words)
    #expect(run.status == 69)
    #expect(run.errors.contains("cannot connect: \(reason)\n"), "\(run.errors)")
  }

  @Test(
    "verbs take their own options only",
    arguments: [
      ["monitor", "tick", "--sigma", "2"], ["monitor", "tick", "--hours", "3"],
      ["monitor", "tick", "--parity"], ["monitor", "replay", "--at", "2026-01-01"],
      ["monitor", "--parity", "tick"],
    ])
  func ownOptions(words: [String]) async throws {
    let run = try await ProgramRun.payops(words)
    #expect(run.status == 64)
    #expect(
      run.errors.contains("unknown option --") || run.errors.contains("does not apply to"),
      "\(run.errors)")
  }

  @Test("a draft without a difference is refused before anything is looked at")
  func emptyDraft() async throws {
    let run = try await ProgramRun.payops(["rules", "propose", "A03"])
    #expect(run.status == 64)
    #expect(run.errors.contains("rules propose needs --set or --points"), "\(run.errors)")
  }
}
