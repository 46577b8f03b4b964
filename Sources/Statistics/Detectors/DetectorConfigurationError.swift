/// Why a detector cannot be made from its name and parameters.
package struct DetectorConfigurationError: Error, Equatable, CustomStringConvertible {
  /// The kind of failure.
  package struct Code: Sendable, Equatable {
    private enum Kind: Sendable {
      case unknownDetector, unknownParameter, badValue, badText, badState
    }

    private let kind: Kind

    /// There is no detector of that name.
    package static let unknownDetector = Code(kind: .unknownDetector)
    /// The detector has no parameter of that name.
    package static let unknownParameter = Code(kind: .unknownParameter)
    /// A parameter's value is out of its range, or not whole where it must be.
    package static let badValue = Code(kind: .badValue)
    /// The parameters are not an object of JSON with numbers.
    package static let badText = Code(kind: .badText)
    /// The encoded state is not that of this detector.
    package static let badState = Code(kind: .badState)
  }

  /// The kind of failure.
  package let code: Code
  /// One sentence that names detector and parameter.
  package let description: String
  /// What to do about it.
  package let hint: String

  /// Describes a failure.
  ///
  /// - Parameters:
  ///   - code: the kind of failure
  ///   - description: one sentence, lower case, without a full stop
  ///   - hint: what to do about it
  init(_ code: Code, _ description: String, hint: String) {
    self.code = code
    self.description = description
    self.hint = hint
  }
}
