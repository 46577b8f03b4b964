import Foundation
import PayopsCore
import Processes
import Tabular

/// One run of the program: parse, run the verb, turn whatever happened into an exit code.
struct Program: Sendable {
  /// The verbs.
  let tree: CommandTree

  /// Runs a command line.
  ///
  /// - Parameters:
  ///   - arguments: the arguments without the program's name
  ///   - environment: the environment
  /// - Returns: the exit code
  func run(_ arguments: [String], environment: [String: String]) async -> ExitCode {
    let console = Console(environment: environment, arguments: arguments)
    let interruption = Interruption()
    interruption.listen()
    let task = Task { try await perform(arguments, console) }
    interruption.onSignal { task.cancel() }
    do {
      return try await task.value
    } catch is BrokenPipe {
      return .brokenPipe
    } catch {
      if let signal = interruption.signal {
        console.note("payops: interrupted")
        return .forSignal(signal)
      }
      let failure = Fault(error).advised(about: error)
      console.report(failure)
      return failure.exitCode
    }
  }

  private func perform(_ arguments: [String], _ console: Console) async throws -> ExitCode {
    switch try tree.parse(arguments, console: console) {
    case .version:
      try console.write(VersionCommand.line + "\n")
      return .ok
    case .help(let path):
      try console.write(HelpText(tree: tree, console: console).page(for: path))
      return arguments.isEmpty ? .usage : .ok
    case .run(let verb, let invocation):
      return try await verb.run(invocation)
    }
  }
}
