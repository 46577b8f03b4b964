package import PayopsCore

/// Why payments could not be sealed, or seals not checked.
package struct SealingError: Error, Sendable, CustomStringConvertible {
  /// Kind of failure.
  package enum Code: Sendable, Equatable {
    /// The file of keys is missing, not private, or holds something else.
    case unusableKey
    /// The file that keeps the last batch cannot be written.
    case unwritableHead
    /// The batches in the database are not those that were sealed from here.
    case otherHistory
  }

  /// Kind of failure.
  package let code: Code
  /// One sentence that names the object.
  package let description: String
  /// What to do about it.
  package let hint: String?

  package init(_ code: Code, _ description: String, hint: String? = nil) {
    self.code = code
    self.description = description
    self.hint = hint
  }
}

extension SealingError: FaultConvertible {
  /// The error as users and other programs see it.
  package var fault: Fault {
    Fault(category, description, hint: hint, code: Fault.code("seal", "\(code)"))
  }

  private var category: Fault.Category {
    switch code {
    case .unwritableHead: .cannotCreate
    default: .configuration
    }
  }
}
