/// The result of a check.
package enum Verdict: String, Sendable, CaseIterable {
  /// Nothing to do.
  case ok
  /// It works, but something should be changed.
  case warning
  /// Something does not work, or will stop working.
  case failure
  /// The check cannot find out.
  case unknown
}

/// The finding of a check.
package struct Finding: Sendable, Equatable {
  /// The result of the check.
  package let verdict: Verdict
  /// The finding in a sentence: lower case, no full stop.
  package let sentence: String
  /// What to do about it; nil when there is nothing to do.
  package let remedy: String?

  /// Nothing to do.
  ///
  /// - Parameter sentence: the finding
  /// - Returns: the finding
  package static func ok(_ sentence: String) -> Finding {
    Finding(verdict: .ok, sentence: sentence, remedy: nil)
  }

  /// It works, but something should be changed.
  ///
  /// - Parameters:
  ///   - sentence: the finding
  ///   - remedy: what to do
  /// - Returns: the finding
  package static func warning(_ sentence: String, _ remedy: String) -> Finding {
    Finding(verdict: .warning, sentence: sentence, remedy: remedy)
  }

  /// Something does not work.
  ///
  /// - Parameters:
  ///   - sentence: the finding
  ///   - remedy: what to do
  /// - Returns: the finding
  package static func failure(_ sentence: String, _ remedy: String) -> Finding {
    Finding(verdict: .failure, sentence: sentence, remedy: remedy)
  }

  /// The check cannot find out.
  ///
  /// - Parameters:
  ///   - sentence: why not
  ///   - remedy: how to find out
  /// - Returns: the finding
  package static func unknown(_ sentence: String, _ remedy: String? = nil) -> Finding {
    Finding(verdict: .unknown, sentence: sentence, remedy: remedy)
  }
}
