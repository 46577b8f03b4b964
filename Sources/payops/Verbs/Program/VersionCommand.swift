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
    if invocation.console.isJSON {
      try invocation.console.write(
        JSON.pairs(["payops": .string(Version.current)]).lines)
    } else {
      try invocation.console.write("\(Self.line)\n")
    }
    return .ok
  }
}
