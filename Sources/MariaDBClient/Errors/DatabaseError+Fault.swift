package import PayopsCore

extension DatabaseError: FaultConvertible {
  /// The failure as the command line reports it.
  ///
  /// A failure that no user can fix goes into a bug report, which needs the numbers and the
  /// server's message.
  package var fault: Fault {
    let category = category
    return Fault(
      category, category == .internalError ? debugDescription : description, hint: hint,
      // A hint that names the roles needs to know what was refused.
      code: Fault.code("database", "\(code)"), underlying: denial == nil ? underlying : [self])
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
