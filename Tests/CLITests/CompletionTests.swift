import Foundation
import Testing

@Suite("Shell completions", .timeLimit(.minutes(5)))
struct CompletionTests {
  /// The completions that bash offers for the last word of a line.
  private func offers(_ words: [String]) async throws -> Set<String> {
    let program = #"""
      source <("$0" completions bash)
      COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _payops
      printf '%s\n' "${COMPREPLY[@]}"
      """#
    let run = try await ProgramRun.run(
      URL(filePath: "/bin/bash"),
      ["-c", program, try ProgramRun.binary.path, "payops"] + words)
    #expect(run.errors == "")
    return Set(run.output.split(separator: "\n").map(String.init))
  }

  @Test("bash completion offers verbs, arguments, options and their values")
  func bash() async throws {
    #expect(try await offers(["ver"]) == ["version"])
    #expect(
      try await offers(["completions", ""]).isSuperset(of: ["bash", "zsh", "fish", "--json"]))
    #expect(try await offers(["completions", "z"]) == ["zsh"])
    #expect(try await offers(["--tls", "ver"]) == ["verify-ca", "verify-identity"])
    #expect(try await offers(["--tls", "=", "of"]) == ["off"])
    #expect(try await offers(["--host", ""]).isEmpty)
    #expect(try await offers(["version", "--h"]) == ["--help"])
  }

  @Test(
    "completions exist for every shell and name every verb", arguments: ["bash", "zsh", "fish"])
  func everyShell(shell: String) async throws {
    let run = try await ProgramRun.payops(["completions", shell])
    #expect(run.status == 0)
    for word in ["help", "version", "completions", "no-color"] {
      #expect(run.output.contains(word))
    }
  }
}
