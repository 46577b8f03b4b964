package import Backup
import Foundation
import PayopsCore
package import Tabular

/// The outcome of a restore, for people and as JSON.
package struct RestoreReport: Sendable {
  private let backup: BackupManifest
  private let plan: RestorePlan
  private let outcome: Restore.Outcome
  private let replayed: Int?
  private let verb: String

  /// Describes a restore.
  ///
  /// - Parameters:
  ///   - backup: the backup
  ///   - plan: the request
  ///   - outcome: the outcome
  ///   - replayed: statements of binary logs that were replayed; nil when none were requested
  ///   - verb: the action, such as restored
  package init(
    _ backup: BackupManifest, _ plan: RestorePlan, _ outcome: Restore.Outcome, replayed: Int?,
    verb: String = "restored"
  ) {
    self.backup = backup
    self.plan = plan
    self.outcome = outcome
    self.replayed = replayed
    self.verb = verb
  }

  /// The notes: differences, and erasures.
  package var notes: [String] {
    RestoreNotes.findings(outcome.findings.map(\.message), verb: verb)
      + RestoreNotes.erasures(outcome.erasures, of: backup)
  }

  /// Whether everything is as it was backed up, and nobody is there who was erased.
  package var isWhole: Bool { outcome.isWhole }

  /// One line.
  package var text: String {
    "\(verb) \(backup.id) into \(plan.schema) in \(durationText(outcome.seconds))"
      + (replayed.map { ", replayed \($0.grouped) statements" } ?? "") + "\n"
  }

  /// The outcome as JSON.
  package var json: JSON {
    .pairs([
      "id": .string(backup.id), "schema": .string(plan.schema),
      "tables": .integer(plan.tables?.count ?? backup.tables.count),
      "seconds": .number(String(format: "%.3f", outcome.seconds)),
      "findings": .array(outcome.findings.map { .string($0.message) }),
      "erased_again": .array((outcome.erasures?.erased ?? []).map { .integer($0) }),
      "replayed_statements": replayed.map { .integer($0) } ?? .null,
    ])
  }
}
