internal import Cryptography
package import MariaDBClient
internal import PayopsCore
internal import Schema

/// The objects of a schema with a checksum of each definition, whatever the schema.
package enum ObjectInventory {
  /// Reads the objects of the selected schema.
  ///
  /// - Parameter connection: a connection with the schema selected.
  /// - Returns: the objects, by kind and name.
  package static func read(from connection: Connection) async throws -> [BackupManifest.ObjectFacts]
  {
    let schema =
      try await connection.query("SELECT DATABASE() AS name").rows.first?["name"] ?? ""
    var objects: [BackupManifest.ObjectFacts] = []
    for (kind, name) in try await names(on: connection) {
      objects.append(
        BackupManifest.ObjectFacts(
          kind: kind, name: name,
          checksum: try await checksum(kind, name, schema: schema, on: connection)))
    }
    return objects
  }

  /// A name in backticks.
  package static func quoted(_ name: String) -> String {
    "`" + name.split(separator: "`", omittingEmptySubsequences: false).joined(separator: "``")
      + "`"
  }

  /// Kind and name of each object, except those that an interrupted restore left.
  package static func names(on connection: Connection) async throws -> [(
    kind: String, name: String
  )] {
    try await connection.query(
      """
      SELECT CASE table_type WHEN 'VIEW' THEN 'view' WHEN 'SEQUENCE' THEN 'sequence'
        ELSE 'table' END AS kind, table_name AS name, table_name AS relation
      FROM information_schema.tables
      WHERE table_schema = DATABASE()
        AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW', 'SEQUENCE')
      UNION ALL
      SELECT LOWER(routine_type), routine_name, '' FROM information_schema.routines
      WHERE routine_schema = DATABASE()
      UNION ALL
      SELECT 'trigger', trigger_name, event_object_table FROM information_schema.triggers
      WHERE trigger_schema = DATABASE()
      UNION ALL
      SELECT 'event', event_name, '' FROM information_schema.events
      WHERE event_schema = DATABASE()
      ORDER BY kind, name
      """
    ).rows.filter { !StagingName.isOfRestore($0["relation"] ?? "") }
      .map { ($0["kind"] ?? "", $0["name"] ?? "") }
  }

  private static func checksum(
    _ kind: String, _ name: String, schema: String, on connection: Connection
  ) async throws -> String {
    let shown = try await shown(kind, name, on: connection)
    let definition = shown.first { $0.name.hasPrefix("Create ") }
    if let definition, definition.value == nil {
      throw BackupError(
        .missingPrivilege, "the account cannot read the definition of \(kind) \(name)",
        hint: "GRANT SELECT ON mysql.proc TO the account, or use the one that owns the routines")
    }
    // The definition and, where the server reports them, the modes and character sets under which
    // it was written; the creation time and the name of the object's schema are left out.
    let isMySQL = !connection.serverVersion.isMariaDB
    let parts = shown.filter { !["Created", "time_zone"].contains($0.name) }
      .map { _, value in
        var text = normalised(value ?? "")
        if isMySQL, kind == "table" { text = withoutImpliedSets(text) }
        switch kind {
        case "view": return ViewText.replacing(schema: schema, in: text, with: "")
        // A default from a sequence names the schema.
        case "table": return text.replacing("nextval(\(quoted(schema)).", with: "nextval(")
        default: return text
        }
      }
    return SHA256.of(parts.joined(separator: "\u{0}"))
  }

  /// The columns of SHOW CREATE for an object.
  private static func shown(
    _ kind: String, _ name: String, on connection: Connection
  ) async throws -> [(name: String, value: String?)] {
    do {
      let row = try await connection.query("SHOW CREATE \(kind.uppercased()) \(quoted(name))").rows
        .first
      return row.map { Array(zip($0.columns.map(\.name), $0.values)) } ?? []
    } catch {
      guard kind == "view", error.isOfMissingDefiner,
        let view = try await HiddenView.read(name, on: connection)
      else { throw error }
      return view.columns.map { ($0.name, $0.value) }
    }
  }

  /// The definition without the definer, the next auto-increment value and the state of a sequence.
  private static func normalised(_ definition: String) -> String {
    var text = definition
    if text.holds("DEFINER=`"), let range = text.firstRange(of: definer) {
      text.removeSubrange(range)
    }
    if text.holds(" AUTO_INCREMENT="), let range = text.firstRange(of: counter) {
      text.removeSubrange(range)
    }
    return text
  }

  /// The definition of a table without character sets that say nothing.
  ///
  /// MySQL writes `CHARACTER SET` before a collation, and `_utf8mb4` before a text, once a table was
  /// made from what `SHOW CREATE TABLE` wrote, and not before.
  private static func withoutImpliedSets(_ definition: String) -> String {
    definition.replacing(characterSet, with: " COLLATE ").replacing(introducer, with: "'")
  }

  private nonisolated(unsafe) static let characterSet = #/ CHARACTER SET \w+ COLLATE /#
  private nonisolated(unsafe) static let introducer = #/\b_(?:utf8mb[34]|ascii|latin1|binary)'/#
  private nonisolated(unsafe) static let definer = #/DEFINER=`(?:[^`]|``)*`@`(?:[^`]|``)*` ?/#
  private nonisolated(unsafe) static let counter = #/ AUTO_INCREMENT=\d+/#
}
