/// How a check ended.
package enum Verdict: String, Sendable, CaseIterable {
  /// Nothing to do.
  case ok
  /// It works, and something should be changed.
  case warning
  /// Something does not work, or will not.
  case failure
  /// It cannot be seen from here.
  case unknown
}

/// What a check found out.
package struct Finding: Sendable, Equatable {
  /// How the check ended.
  package let verdict: Verdict
  /// What was found, in a sentence: lower case, no full stop.
  package let sentence: String
  /// What to do about it; nil when there is nothing to do.
  package let remedy: String?

  /// Nothing to do.
  ///
  /// - Parameter sentence: what was found
  /// - Returns: the finding
  package static func ok(_ sentence: String) -> Finding {
    Finding(verdict: .ok, sentence: sentence, remedy: nil)
  }

  /// It works, and something should be changed.
  ///
  /// - Parameters:
  ///   - sentence: what was found
  ///   - remedy: what to do
  /// - Returns: the finding
  package static func warning(_ sentence: String, _ remedy: String) -> Finding {
    Finding(verdict: .warning, sentence: sentence, remedy: remedy)
  }

  /// Something does not work.
  ///
  /// - Parameters:
  ///   - sentence: what was found
  ///   - remedy: what to do
  /// - Returns: the finding
  package static func failure(_ sentence: String, _ remedy: String) -> Finding {
    Finding(verdict: .failure, sentence: sentence, remedy: remedy)
  }

  /// It cannot be seen from here.
  ///
  /// - Parameters:
  ///   - sentence: why not
  ///   - remedy: how it could be
  /// - Returns: the finding
  package static func unknown(_ sentence: String, _ remedy: String? = nil) -> Finding {
    Finding(verdict: .unknown, sentence: sentence, remedy: remedy)
  }
}
