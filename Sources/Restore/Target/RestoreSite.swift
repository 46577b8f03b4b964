internal import Backup
internal import MariaDBClient

/// The state of a restore's target.
package struct RestoreSite: Sendable {
  /// The number of existing objects, without those of interrupted restores.
  package let objects: Int
  /// The tables that would be replaced.
  package let tables: Set<String>
  /// Whether an interrupted restore into an empty schema made the existing objects.
  let isUnfinished: Bool
  /// Whether the restore may start without permission to replace anything.
  package let isFree: Bool

  /// Schemas that belong to the server.
  private static let reserved = ["mysql", "sys", "information_schema", "performance_schema"]

  /// Examines the target of a restore.
  ///
  /// - Parameter plan: the target and the tables.
  /// - Throws: ``BackupError/Code/unsafeTarget`` for a schema of the server itself.
  package static func read(_ plan: RestorePlan) async throws -> RestoreSite {
    try check(plan)
    var options = plan.options
    options.database = nil
    let connection = try await Connection.open(options)
    do {
      let found = try await connection.query(
        "SELECT 1 AS found FROM information_schema.schemata WHERE schema_name = ?",
        [.text(plan.schema)])
      guard !found.rows.isEmpty else {
        await connection.close()
        return RestoreSite([], nil, plan)
      }
      try await connection.execute("USE \(ObjectInventory.quoted(plan.schema))")
      let names = try await ObjectInventory.names(on: connection)
      let marker = try await RestoreMarker.read(on: connection)
      let site = RestoreSite(names, marker, plan)
      // The names of CHECK constraints belong to the schema there: the loaded tables cannot have
      // them while the old ones are in place.
      guard connection.serverVersion.isMariaDB || !plan.replaces || site.isFree else {
        throw BackupError(
          .unsupported,
          "on MySQL a restore replaces nothing, and schema \(plan.schema) is not empty",
          hint: "restore into a new one with --as NAME; or make a backup, drop the schema, and"
            + " restore into its place")
      }
      await connection.close()
      return site
    } catch {
      await connection.close()
      throw error
    }
  }

  /// - Parameters:
  ///   - found: kind and name of each existing object.
  ///   - marker: the marker of an interrupted restore.
  ///   - plan: the target and the tables.
  init(_ found: [(kind: String, name: String)], _ marker: RestoreMarker?, _ plan: RestorePlan) {
    let ownSequences = marker.map { $0.isSwitched ? [] : $0.sequences } ?? []
    let names = found.filter { $0.kind != "sequence" || !ownSequences.contains($0.name) }
    objects = names.count
    tables = Set(
      names.filter { $0.kind == "table" && plan.tables?.contains($0.name) ?? true }.map(\.name))
    isUnfinished = marker.map { $0.isSwitched && $0.wasEmpty } ?? false
    isFree = isUnfinished || (plan.tables == nil ? names.isEmpty : tables.isEmpty)
  }

  /// Checks that a schema does not belong to the server.
  static func check(_ plan: RestorePlan) throws(BackupError) {
    guard reserved.contains(plan.schema.lowercased()) else { return }
    throw BackupError(
      .unsafeTarget, "schema \(plan.schema) belongs to the server itself",
      hint: "name another one with --as")
  }
}
