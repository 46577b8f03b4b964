import Backup
import Foundation
import MariaDBClient

/// What a restore would do.
struct RestorePreview: Sendable {
  private let backup: BackupManifest
  private let plan: RestorePlan
  private let endpoint: String
  /// Objects that the target holds now, and how many of its tables would be replaced.
  private let objects: Int64
  private let replacedTables: Int64

  /// Whether something that is there would be replaced.
  var replacesSomething: Bool {
    plan.replaces && (plan.tables == nil ? objects > 0 : replacedTables > 0)
  }

  /// Looks at the target.
  static func read(_ backup: BackupManifest, plan: RestorePlan) async throws -> RestorePreview {
    var options = plan.options
    options.database = nil
    let connection = try await Connection.open(options)
    let rows = try await connection.query(
      """
      SELECT
        (SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = ?)
        + (SELECT COUNT(*) FROM information_schema.routines WHERE routine_schema = ?)
        + (SELECT COUNT(*) FROM information_schema.events WHERE event_schema = ?) AS objects
      """, [.text(plan.schema), .text(plan.schema), .text(plan.schema)]
    ).rows
    let tables = try await connection.query(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ?",
      [.text(plan.schema)]
    ).rows.compactMap { $0["name"] }
    await connection.close()
    return RestorePreview(
      backup: backup, plan: plan, endpoint: plan.options.endpoint,
      objects: rows.first?.integer("objects") ?? 0,
      replacedTables: Int64(tables.filter { plan.tables?.contains($0) ?? true }.count))
  }

  private var chosen: [BackupManifest.TableFacts] {
    backup.tables.filter { plan.tables?.contains($0.name) ?? true }
  }

  private var outcome: String {
    if objects == 0 { return "would be made or filled: it is empty" }
    return plan.replaces
      ? "\(replacedTables) tables would be replaced, after a safety backup"
      : "would be refused: it is not empty (--as NAME or --replace)"
  }

  /// The preview as a page.
  var text: String {
    let rows = chosen.reduce(0) { $0 + $1.rows }
    let time = backup.verification.restoreSeconds.map {
      "about \(durationText($0)), as the verification took"
    }
    return """
      backup      \(backup.id) (\(backup.verification.state.rawValue)); its file is whole
      server      \(endpoint)
      schema      \(plan.schema): \(outcome)
      tables      \(chosen.count), \(ProgressBar.grouped(Int(rows))) rows
      time        \(time ?? "not known")

      """
  }

  /// The preview as JSON.
  var json: JSON {
    .pairs([
      "id": .string(backup.id), "state": .string(backup.verification.state.rawValue),
      "server": .string(endpoint), "schema": .string(plan.schema),
      "objects_there": .integer(objects),
      "tables_replaced": .integer(plan.replaces ? replacedTables : 0),
      "would_run": .bool(objects == 0 || plan.replaces), "tables": .integer(chosen.count),
      "rows": .integer(chosen.reduce(0) { $0 + $1.rows }),
    ])
  }
}
