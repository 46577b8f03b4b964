import MariaDBClient
import PayopsCore
import Schema
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

  /// The failure with a hint that names the roles which give a missing privilege.
  ///
  /// - Parameter error: the error that the failure was made of
  func advised(about error: any Error) -> Fault {
    let cause = error as? DatabaseError ?? underlying.lazy.compactMap { $0 as? DatabaseError }.first
    guard let denial = cause?.denial,
      let advice = try? DeclaredRoles().advice(on: denial)
    else { return self }
    return Fault(category, message, hint: advice, code: code, underlying: underlying)
  }

  /// The failure as JSON.
  var json: JSON {
    .pairs([
      "error": .string(message), "hint": hint.map(JSON.string) ?? .null, "code": .string(code),
      "exit_code": .integer(exitCode.rawValue),
    ])
  }
}
