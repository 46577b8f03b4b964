package import PayopsCore

extension DatabaseError: FaultConvertible {
  /// What it is to those outside.
  ///
  /// What no user can correct is for a report: then the numbers and the server's words are needed.
  package var fault: Fault {
    let category = category
    return Fault(
      category, category == .internalError ? debugDescription : description, hint: hint,
      code: Fault.code("database", "\(code)"), underlying: underlying)
  }

  private var category: Fault.Category {
    switch code {
    case .cannotConnect, .connectionLost: .unavailable
    case .accessDenied: .noPermission
    case .tlsUnavailable, .tlsRejected, .passwordWithheld, .unknownObject: .configuration
    case .duplicateKey, .constraintViolated, .invalidData, .signalled, .unusableValue: .invalidData
    case .deadlock, .lockTimeout, .recordChanged, .interrupted: .temporary
    case .storageFull: .inputOutput
    default: .internalError
    }
  }
}
