import MariaDBClient

/// One thing that `payops doctor` looks at.
package struct Check: Sendable {
  /// A few words that name what is looked at.
  package let name: String
  /// Whether the check is of the deployed schema, and unknown without one.
  package var needsSchema = false
  /// Looks, and changes nothing.
  package let examine: @Sendable (Examination) async throws -> Finding

  /// All checks, in the order in which they are shown.
  package static let all: [Check] =
    serverChecks + capacityChecks + accountChecks + objectChecks + dataChecks
    + backupChecks

  /// A check with its finding.
  package struct Result: Sendable, Equatable {
    /// The check's name.
    package let name: String
    /// What it found.
    package let finding: Finding
  }

  /// Makes checks; a check that the server refuses to answer is unknown.
  ///
  /// - Parameters:
  ///   - checks: what to look at
  ///   - examination: what is examined
  /// - Returns: a result for each check, in order
  /// - Throws: `CancellationError`, or `DatabaseError` when the connection is lost
  package static func results(
    of checks: [Check] = all, on examination: Examination
  ) async throws -> [Result] {
    var results: [Result] = []
    for check in checks {
      try Task.checkCancellation()
      let finding: Finding
      if check.needsSchema, examination.schema != .deployed {
        finding = .unknown("there is no deployed schema to look at")
      } else {
        do {
          finding = try await check.examine(examination)
        } catch {
          guard let error = error as? DatabaseError, !error.endsConnection else { throw error }
          try Task.checkCancellation()
          finding = .unknown("the server does not answer: \(error.debugDescription)", error.hint)
        }
      }
      results.append(Result(name: check.name, finding: finding))
    }
    return results
  }
}

extension DatabaseError {
  /// Whether nothing more can be asked on the connection.
  fileprivate var endsConnection: Bool {
    code == .connectionLost || code == .cannotConnect || code == .closed
  }
}
