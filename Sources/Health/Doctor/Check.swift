import MariaDBClient

/// One check of `payops doctor`.
package struct Check: Sendable {
  /// The name of the check, a few words.
  package let name: String
  /// Whether the check needs a deployed schema; without one its verdict is unknown.
  package var needsSchema = false
  /// Makes the check, without changing anything.
  package let examine: @Sendable (Examination) async throws -> Finding

  /// All checks, in the order in which they are shown.
  package static let all: [Check] =
    serverChecks + capacityChecks + accountChecks + objectChecks + dataChecks
    + backupChecks

  /// A check with its finding.
  package struct Result: Sendable, Equatable {
    /// The check's name.
    package let name: String
    /// Its finding.
    package let finding: Finding
  }

  /// Makes checks; the verdict is unknown when the server does not answer a check.
  ///
  /// - Parameters:
  ///   - checks: the checks
  ///   - examination: the connection, and facts about it
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
        finding = .unknown("there is no deployed schema to check")
      } else {
        do {
          finding = try await check.examine(examination)
        } catch {
          guard let error = error as? DatabaseError, !error.endsConnection else { throw error }
          try Task.checkCancellation()
          finding =
            error.denial.map {
              .unknown(
                "the account may not look: it lacks \($0.description)",
                "run `payops doctor` as the account that deploys")
            } ?? .unknown("the server does not answer: \(error.debugDescription)", error.hint)
        }
      }
      results.append(Result(name: check.name, finding: finding))
    }
    return results
  }
}

extension DatabaseError {
  /// Whether the connection can no longer be used.
  fileprivate var endsConnection: Bool {
    code == .connectionLost || code == .cannotConnect || code == .closed
  }
}
