package import PayopsCore

/// What went wrong while generating data.
package struct SimulationError: Error, Equatable, CustomStringConvertible {
  /// The kind of failure.
  package struct Code: Sendable, Equatable, CustomStringConvertible {
    private enum Kind { case unusableParameter, missingReference, damagedRun, busy }
    private let kind: Kind

    /// A parameter is out of its range.
    package static let unusableParameter = Code(kind: .unusableParameter)
    /// The database lacks reference data that the generator needs.
    package static let missingReference = Code(kind: .missingReference)
    /// The run in the database differs from what was written.
    package static let damagedRun = Code(kind: .damagedRun)
    /// Another generator is running in the schema.
    package static let busy = Code(kind: .busy)

    /// The name of the kind.
    package var description: String { "\(kind)" }
  }

  /// The kind of failure.
  package let code: Code
  /// One sentence without values of rows.
  package let description: String
  /// What to do about it.
  package let hint: String

  /// Describes a failure.
  ///
  /// - Parameters:
  ///   - code: the kind of failure.
  ///   - description: one sentence, lower case, without a full stop.
  ///   - hint: what to do about it.
  package init(_ code: Code, _ description: String, hint: String) {
    self.code = code
    self.description = description
    self.hint = hint
  }
}

extension SimulationError: FaultConvertible {
  /// The error as users and other programs see it.
  package var fault: Fault {
    Fault(category, description, hint: hint, code: Fault.code("simulation", "\(code)"))
  }

  private var category: Fault.Category {
    switch code {
    case .unusableParameter: .usage
    case .missingReference: .configuration
    case .busy: .temporary
    default: .invalidData
    }
  }
}
