package import PayopsCore

/// Why the monitor cannot judge.
package struct MonitoringError: Error, Equatable, CustomStringConvertible {
  /// The kind of failure.
  package struct Code: Sendable, Equatable, CustomStringConvertible {
    private enum Kind: Sendable { case unknownSource, noData, badMetric, future }

    private let kind: Kind

    /// No import has a source of that name.
    package static let unknownSource = Code(kind: .unknownSource)
    /// The source has no minute in the period.
    package static let noData = Code(kind: .noData)
    /// A metric of the catalogue cannot be judged as it is defined.
    package static let badMetric = Code(kind: .badMetric)
    /// The requested moment is in the future.
    package static let future = Code(kind: .future)

    /// The name of the kind.
    package var description: String { "\(kind)" }
  }

  /// The kind of failure.
  package let code: Code
  /// One sentence that names the source.
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

extension MonitoringError: FaultConvertible {
  /// The error for users.
  package var fault: Fault {
    Fault(category, description, hint: hint, code: Fault.code("monitor", "\(code)"))
  }

  private var category: Fault.Category {
    switch code {
    case .unknownSource: .usage
    default: .invalidData
    }
  }
}
