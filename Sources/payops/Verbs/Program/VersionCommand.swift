import PayopsCore
import Tabular

/// `payops version`: the version of the program.
struct VersionCommand: Verb {
  /// The line that `--version` prints.
  static var line: String { "payops version \(Version.current)" }

  let name = "version"
  let summary = "show the version"
  let discussion = """
    Prints the version of payops; with --json as an object.
    """

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try invocation.console.write(
      "\(Self.line)\n", json: .pairs(["payops": .string(Version.current)]))
    return .ok
  }
}
