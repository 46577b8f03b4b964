package import PayopsCore

/// Why a deployment or a check of the schema failed.
package struct SchemaError: Error, CustomStringConvertible {
  /// What kind of failure it is.
  package struct Code: Sendable, Equatable, CustomStringConvertible {
    private enum Value {
      case manifest, locked, tableChanged, noDatabase, statement, interruptedRestore, held
      case foreignTables, precondition
    }
    private let value: Value

    /// The manifest and the files do not agree.
    package static let manifest = Code(value: .manifest)
    /// Another deployment holds the lock.
    package static let locked = Code(value: .locked)
    /// A table differs from its definition, and no migration leads there.
    package static let tableChanged = Code(value: .tableChanged)
    /// The connection has no database selected.
    package static let noDatabase = Code(value: .noDatabase)
    /// A restore into the schema is unfinished.
    package static let interruptedRestore = Code(value: .interruptedRestore)
    /// Open transactions use an object that is to be replaced.
    package static let held = Code(value: .held)
    /// The schema holds tables that are not of payops.
    package static let foreignTables = Code(value: .foreignTables)
    /// The server, the account or rows of the schema prevent a deployment.
    package static let precondition = Code(value: .precondition)
    /// The server refused a statement of an object.
    package static let statement = Code(value: .statement)

    /// The name of the kind.
    package var description: String { "\(value)" }
  }

  /// What kind of failure it is.
  package let code: Code
  /// The object or file, and what is wrong.
  package let context: String
  /// The server's error, when it caused this one.
  package let underlying: (any Error)?

  /// What to do, where it does not follow from the code.
  private let advice: String?

  init(code: Code, context: String, advice: String? = nil, underlying: (any Error)? = nil) {
    self.code = code
    self.context = context
    self.advice = advice
    self.underlying = underlying
  }

  /// One safe sentence.
  package var description: String {
    underlying.map { "\(context): \($0)" } ?? context
  }

  /// What to do about it; nil when there is nothing general to say.
  package var hint: String? {
    if let advice { return advice }
    return switch code {
    case .locked: "wait until the other deployment ends, then run the same command again"
    case .tableChanged:
      "deploy with the version of payops that matches the data, or move the data to a new schema"
    case .foreignTables:
      "give payops a schema of its own with --database; nothing was changed in this one"
    case .noDatabase: "name one with --database"
    case .held:
      "see SHOW PROCESSLIST for transactions that stay open; run the same command again afterwards"
    case .interruptedRestore: "complete it with `payops restore --finish`"
    default: nil
    }
  }
}

extension SchemaError: FaultConvertible {
  /// The error as users and other programs see it; a server error that caused it counts.
  package var fault: Fault {
    let cause = underlying.map { Fault($0) }
    let category: Fault.Category =
      switch code {
      case .locked, .held: .temporary
      case .tableChanged, .noDatabase, .interruptedRestore, .foreignTables, .precondition:
        .configuration
      default: cause?.category ?? .internalError
      }
    return Fault(
      category, cause.map { "\(context): \($0.message)" } ?? description,
      hint: hint ?? cause?.hint, code: Fault.code("schema", "\(code)"),
      underlying: underlying.map { [$0] } ?? [])
  }
}
