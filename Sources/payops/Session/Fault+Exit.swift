import PayopsCore
import Tabular

extension ExitCode {
  /// The exit status of a failure of a category.
  init(_ category: Fault.Category) {
    self =
      switch category {
      case .usage: .usage
      case .invalidData: .badData
      case .unavailable: .unavailable
      case .internalError: .internalError
      case .cannotCreate: .cannotCreate
      case .inputOutput: .inputOutput
      case .temporary: .temporary
      case .noPermission: .noPermission
      case .configuration: .configuration
      case .interrupted: .interrupted
      }
  }
}

extension Fault {
  /// The exit status.
  var exitCode: ExitCode { ExitCode(category) }

  /// The failure as JSON.
  var json: JSON {
    .pairs([
      "error": .string(message), "hint": hint.map(JSON.string) ?? .null, "code": .string(code),
      "exit_code": .integer(exitCode.rawValue),
    ])
  }
}
