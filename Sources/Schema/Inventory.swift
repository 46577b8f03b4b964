import MariaDBClient
import PayopsCore

/// What a schema holds: the objects that the server reports, with a checksum of each definition,
/// and what earlier deployments recorded.
struct Inventory: Sendable {
  struct Recorded: Sendable {
    let kind: SchemaObject.Kind
    let name: String
    let sourceChecksum: String
    let definitionChecksum: String
    let version: String
  }

  struct Key: Hashable, Sendable {
    let kind: SchemaObject.Kind
    let name: String
  }

  /// Earlier deployments by path.
  let recorded: [String: Recorded]
  /// Checksums of the existing definitions.
  let found: [Key: String]
  /// The shapes of the existing tables.
  let shapes: [String: TableShape]
  /// Objects that exist, whose definitions the server does not show to the account.
  let hidden: Set<Key>

  func definitionChecksum(of object: SchemaObject) -> String? {
    found[Key(kind: object.kind, name: object.name)]
  }

  static func read(from connection: Connection) async throws -> Inventory {
    var found: [Key: String] = [:]
    var shapes: [String: TableShape] = [:]
    var hidden: Set<Key> = []
    for key in try await names(on: connection) {
      guard let text = try await definition(of: key, on: connection) else {
        hidden.insert(key)
        continue
      }
      found[key] = FNV1a64.hexadecimal(of: text)
      if key.kind == .table { shapes[key.name] = TableShape(text) }
    }
    var recorded: [String: Recorded] = [:]
    if found[Key(kind: .table, name: "deployed_objects")] != nil {
      let rows = try await connection.query(
        """
        SELECT object_path, object_kind, object_name, source_checksum, definition_checksum,
          deployed_version
        FROM deployed_objects
        """
      ).rows
      for row in rows {
        guard let path = row["object_path"], let kind = row["object_kind"],
          let parsed = SchemaObject.Kind(rawValue: kind)
        else { continue }
        recorded[path] = Recorded(
          kind: parsed, name: row["object_name"] ?? "",
          sourceChecksum: row["source_checksum"] ?? "",
          definitionChecksum: row["definition_checksum"] ?? "",
          version: row["deployed_version"] ?? "")
      }
    }
    return Inventory(recorded: recorded, found: found, shapes: shapes, hidden: hidden)
  }

  static func definitionChecksum(
    of object: SchemaObject, on connection: Connection
  ) async throws -> String? {
    guard object.kind != .reference, object.kind != .migration else {
      return object.sourceChecksum
    }
    return try await definition(
      of: Key(kind: object.kind, name: object.name), on: connection
    ).map(FNV1a64.hexadecimal)
  }

  private static func names(on connection: Connection) async throws -> [Key] {
    let rows = try await connection.query(
      """
      SELECT 'table' AS kind, table_name AS name FROM information_schema.tables
      WHERE table_schema = DATABASE() AND table_type IN ('BASE TABLE', 'SEQUENCE')
      UNION ALL
      SELECT 'view', table_name FROM information_schema.tables
      WHERE table_schema = DATABASE() AND table_type = 'VIEW'
      UNION ALL
      SELECT LOWER(routine_type), routine_name FROM information_schema.routines
      WHERE routine_schema = DATABASE()
      UNION ALL
      SELECT 'trigger', trigger_name FROM information_schema.triggers
      WHERE trigger_schema = DATABASE()
      UNION ALL
      SELECT 'event', event_name FROM information_schema.events
      WHERE event_schema = DATABASE()
      """
    ).rows
    return rows.compactMap { row in
      guard let kind = row["kind"].flatMap(SchemaObject.Kind.init(rawValue:)),
        let name = row["name"]
      else { return nil }
      return Key(kind: kind, name: name)
    }
  }

  /// The shape of a table; nil when it does not exist.
  static func shape(of table: String, on connection: Connection) async throws -> TableShape? {
    try await definition(of: Key(kind: .table, name: table), on: connection).flatMap {
      TableShape($0)
    }
  }

  private static func definition(
    of key: Key, on connection: Connection
  ) async throws -> String? {
    let column =
      switch key.kind {
      case .table: "Create Table"
      case .view: "Create View"
      case .function: "Create Function"
      case .procedure: "Create Procedure"
      case .trigger: "SQL Original Statement"
      case .event: "Create Event"
      case .reference, .migration, .earlier: ""
      }
    let name = key.name.split(separator: "`", omittingEmptySubsequences: false)
      .joined(separator: "``")
    let statement = "SHOW CREATE \(key.kind.rawValue.uppercased()) `\(name)`"
    let shown: ResultSet
    do {
      shown = try await connection.query(statement)
    } catch {
      // It names an index that an earlier version of a table lacks: the view exists, but not as the
      // present one.
      let lacksIndex = key.kind == .view && error.errno == 1176
      guard lacksIndex else { throw error }
      return "a view that cannot be shown"
    }
    let row = shown.rows.first
    guard let row, let text = row[column] else { return nil }
    var definition = normalized(text)
    if key.kind == .view,
      let schema = try await connection.query("SELECT DATABASE() AS name").rows.first?["name"]
    {
      definition = ViewText.replacing(schema: schema, in: definition, with: "")
    }
    // A view or routine gets the collation of its texts from the session that creates it; a table
    // states its own, and the server reports none.
    if key.kind != .table, let collation = row["collation_connection"],
      collation != TextDefaults.collation
    {
      definition += "\n-- created by a session with the collation \(collation)"
    }
    return definition
  }

  /// The definition without what differs between servers for the same object: the definer, the
  /// next auto-increment value, and the partitions, which come and go with time.
  static func normalized(_ definition: String) -> String {
    var text = definition
    if text.holds("DEFINER=`"), let range = text.firstRange(of: #/DEFINER=`[^`]*`@`[^`]*` /#) {
      text.removeSubrange(range)
    }
    if text.holds(" AUTO_INCREMENT="), let range = text.firstRange(of: #/ AUTO_INCREMENT=\d+/#) {
      text.removeSubrange(range)
    }
    if text.holds("\n(PARTITION "), let range = text.firstRange(of: "\n(PARTITION ") {
      text.removeSubrange(range.lowerBound..<text.endIndex)
    }
    return text
  }
}
