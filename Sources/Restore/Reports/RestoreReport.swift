package import Backup
import Foundation
import PayopsCore
package import Tabular

/// What a restore came to, for people and as JSON.
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
  ///   - plan: what was asked for
  ///   - outcome: what came of it
  ///   - replayed: statements of binary logs that were replayed; nil when none were to be
  ///   - verb: what was done
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

  /// What is to be noted: differences, and erasures.
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

  /// All of it.
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
