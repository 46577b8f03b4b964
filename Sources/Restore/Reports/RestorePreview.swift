package import Backup
import Foundation
import MariaDBClient
import PayopsCore
package import Tabular

/// The effect that a restore would have.
package struct RestorePreview: Sendable {
  private let backup: BackupManifest
  private let plan: RestorePlan
  private let endpoint: String
  private let site: RestoreSite

  /// Whether existing tables would be replaced.
  package var replacesSomething: Bool {
    plan.replaces && (plan.tables == nil ? site.objects > 0 : !site.tables.isEmpty)
  }

  /// Examines the target.
  package static func read(_ backup: BackupManifest, plan: RestorePlan) async throws
    -> RestorePreview
  {
    RestorePreview(
      backup: backup, plan: plan, endpoint: plan.options.endpoint,
      site: try await RestoreSite.read(plan))
  }

  private var chosen: [BackupManifest.TableFacts] {
    backup.tables.filter { plan.tables?.contains($0.name) ?? true }
  }

  private var wouldRun: Bool { site.isFree || plan.replaces }

  private var outcome: String {
    if site.objects == 0 { return "would be made or filled: it is empty" }
    if replacesSomething {
      return "\(site.tables.count) tables would be replaced, after a safety backup"
    }
    if !wouldRun { return "would be refused: it is not empty (--as NAME or --replace)" }
    return plan.tables == nil
      ? "would be filled: an interrupted restore left it unfinished"
      : "would get the tables, which it does not have"
  }

  /// The preview as a page.
  package var text: String {
    let rows = chosen.reduce(0) { $0 + $1.rows }
    let time = backup.verification.restoreSeconds.map {
      "about \(durationText($0)), as the verification took"
    }
    return """
      backup      \(backup.id) (\(backup.verification.state.rawValue)); its file is whole
      server      \(endpoint)
      schema      \(plan.schema): \(outcome)
      tables      \(chosen.count), \(Int(rows).grouped) rows
      time        \(time ?? "not known")

      """
  }

  /// The preview as JSON.
  package var json: JSON {
    .pairs([
      "id": .string(backup.id), "state": .string(backup.verification.state.rawValue),
      "server": .string(endpoint), "schema": .string(plan.schema),
      "objects_there": .integer(Int64(site.objects)),
      "tables_replaced": .integer(Int64(replacesSomething ? site.tables.count : 0)),
      "would_run": .bool(wouldRun), "tables": .integer(chosen.count),
      "rows": .integer(chosen.reduce(0) { $0 + $1.rows }),
    ])
  }
}
