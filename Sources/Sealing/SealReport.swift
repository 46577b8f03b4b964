/// What a comparison of payments with their seals found.
package struct SealReport: Sendable, Equatable {
  /// Something that is not as it was sealed.
  package struct Finding: Sendable, Equatable {
    /// `request 17`, `payment 4711`, `account 1`, or `batch 3`.
    package let subject: String
    /// What is wrong with it.
    package let problem: String
  }

  /// Everything that is wrong, batch by batch.
  package internal(set) var findings: [Finding] = []
  /// What could not be looked at, and what is missing for good reason; none of it is damage.
  package internal(set) var notes: [String] = []
  /// Subjects that were compared.
  package internal(set) var compared = 0

  mutating func find(_ subject: String, _ problem: String) {
    findings.append(Finding(subject: subject, problem: problem))
  }
}
