/// The result of comparing payments with their seals.
package struct SealReport: Sendable, Equatable {
  /// A difference from what was sealed.
  package struct Finding: Sendable, Equatable {
    /// `request 17`, `payment 4711`, `account 1`, or `batch 3`.
    package let subject: String
    /// What is wrong with it.
    package let problem: String
  }

  /// Everything that is wrong, batch by batch.
  package internal(set) var findings: [Finding] = []
  /// What could not be checked, and what is missing for a good reason; neither is damage.
  package internal(set) var notes: [String] = []
  /// Subjects that were compared.
  package internal(set) var compared = 0

  mutating func find(_ subject: String, _ problem: String) {
    findings.append(Finding(subject: subject, problem: problem))
  }
}
