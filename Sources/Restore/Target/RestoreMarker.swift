internal import Backup
package import MariaDBClient
internal import Schema

/// A table that records which restore works on a schema; it outlives the process that made it.
///
/// The statement that exchanges the tables renames it, too, so that its name shows whether a
/// restore was interrupted before or after the exchange. It holds the facts that
/// `restore --finish` needs.
struct RestoreMarker: Sendable {
  /// Its name until the tables are in place.
  static let loading = StagingName.loading
  /// Its name from then on.
  static let switched = StagingName.switched

  /// One fact about the restore.
  struct Fact: Sendable {
    let name: String
    let value: String
  }

  /// Whether the tables are in place.
  let isSwitched: Bool
  private let facts: [Fact]

  /// Whether the schema was empty when the restore began.
  var wasEmpty: Bool { facts.contains { $0.name == "empty" } }
  /// Sequences that the restore made under their own names.
  var sequences: [String] { values("sequence") }
  /// The backup; nil for a restore that an older version began.
  var backup: String? { values("backup").first }
  /// When it began, by the clock of the server (UTC).
  var begunAt: String? { values("begun").first }
  /// The token in the temporary names of the restore.
  var token: String? { values("token").first }
  /// The requested tables; nil for all.
  var tables: Set<String>? {
    let names = values("table")
    return names.isEmpty ? nil : Set(names)
  }
  /// Objects of the schema that the backup does not have, to be dropped.
  var surplus: [SurplusObject] { values("surplus").compactMap { SurplusObject($0) } }

  private func values(_ name: String) -> [String] {
    facts.filter { $0.name == name }.map(\.value)
  }

  /// Reads the marker of the selected schema; nil when no restore was interrupted there.
  static func read(on connection: Connection) async throws -> RestoreMarker? {
    guard let name = try await names(on: connection).first else { return nil }
    let rows = try await connection.query("SELECT fact, value FROM \(name)").rows
    return RestoreMarker(
      isSwitched: name == switched,
      facts: rows.map { Fact(name: $0["fact"] ?? "", value: $0["value"] ?? "") })
  }

  /// The names of existing markers; that of the more advanced restore comes first.
  private static func names(on connection: Connection) async throws -> [String] {
    try await connection.query(
      "SELECT table_name AS name FROM information_schema.tables"
        + " WHERE table_schema = DATABASE() AND table_name IN (?, ?) ORDER BY name DESC",
      [.text(loading), .text(switched)]
    ).rows.compactMap { $0["name"] }
  }

  /// The facts of a new restore.
  ///
  /// - Parameters:
  ///   - plan: the target and the tables.
  ///   - backup: the name of the backup.
  ///   - token: the token in its temporary names.
  ///   - wasEmpty: whether the schema is empty.
  ///   - surplus: objects to drop at the end.
  static func facts(
    _ plan: RestorePlan, backup: String, token: String, wasEmpty: Bool, surplus: [SurplusObject],
    on connection: Connection
  ) async throws -> [Fact] {
    let now = try await connection.query("SELECT UTC_TIMESTAMP() AS now").rows.first?["now"] ?? ""
    return [
      Fact(name: "backup", value: backup), Fact(name: "begun", value: now),
      Fact(name: "token", value: token),
    ] + (wasEmpty ? [Fact(name: "empty", value: "")] : [])
      + (plan.tables ?? []).sorted().map { Fact(name: "table", value: $0) }
      + surplus.map { Fact(name: "surplus", value: $0.text) }
  }

  /// Marks the selected schema.
  ///
  /// The marker appears with all of its facts: a restore killed earlier leaves none.
  static func begin(_ facts: [Fact], on connection: Connection) async throws {
    let (unnamed, earlier) = (StagingName.new("marker"), StagingName.old("marker"))
    try await connection.execute("DROP TABLE IF EXISTS \(unnamed), \(earlier)")
    try await connection.execute(
      "CREATE TABLE \(unnamed) (fact VARCHAR(20) NOT NULL, value VARCHAR(200))"
        + " ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
    let rows = facts.map { _ in "(?, ?)" }.joined(separator: ", ")
    try await connection.execute(
      "INSERT INTO \(unnamed) (fact, value) VALUES \(rows)",
      facts.flatMap { [.text($0.name), .text($0.value)] })
    // The same statement removes an earlier marker, so that there always is one.
    let there = try await names(on: connection)
    if there.count > 1 { try await connection.execute("DROP TABLE \(there[1])") }
    let renames = (there.first.map { ["\($0) TO \(earlier)"] } ?? []) + ["\(unnamed) TO \(loading)"]
    try await connection.execute("RENAME TABLE \(renames.joined(separator: ", "))")
    try await connection.execute("DROP TABLE IF EXISTS \(earlier)")
  }

  /// Notes that a sequence is about to be made under its own name.
  static func note(sequence: String, on connection: Connection) async throws {
    try await connection.execute(
      "INSERT INTO \(loading) (fact, value) VALUES ('sequence', ?)", [.text(sequence)])
  }

  /// Puts back the marker of an interrupted restore whose state is unchanged.
  func putBack(on connection: Connection) async throws {
    try await Self.begin(facts, on: connection)
    try await connection.execute("RENAME TABLE \(Self.loading) TO \(Self.switched)")
  }

  /// Removes the marker, and before it the copied record of erasures.
  static func end(on connection: Connection) async throws {
    try await connection.execute("DROP TABLE IF EXISTS \(ErasureRecord.table)")
    try await connection.execute("DROP TABLE IF EXISTS \(loading), \(switched)")
  }
}

/// An object that a restore drops, as the backup does not have it.
struct SurplusObject: Sendable, Equatable {
  let kind: String
  let name: String

  init(kind: String, name: String) { (self.kind, self.name) = (kind, name) }

  /// Parses ``text``.
  init?(_ text: String) {
    guard let tab = text.firstIndex(of: "\t") else { return nil }
    self.init(kind: String(text[..<tab]), name: String(text[text.index(after: tab)...]))
  }

  /// Kind and name, separated by a tab.
  var text: String { "\(kind)\t\(name)" }

  /// Objects of a schema that a backup does not have, except those that go with the tables.
  static func find(
    in objects: [BackupManifest.ObjectFacts], butNot manifest: BackupManifest
  ) -> [SurplusObject] {
    let wanted = Set(manifest.objects.map { "\($0.kind) \($0.name)" })
    return objects.filter {
      !["table", "sequence", "trigger"].contains($0.kind)
        && !wanted.contains("\($0.kind) \($0.name)")
    }.map { SurplusObject(kind: $0.kind, name: $0.name) }
  }
}

/// A restore that was not completed.
package struct InterruptedRestore: Sendable {
  /// The backup; nil when an older version began it.
  package let backup: String?
  /// When it began (UTC); nil when an older version began it.
  package let begunAt: String?
  /// Whether the tables are already those of the backup.
  package let isSwitched: Bool
  /// The requested tables; nil for all.
  package let tables: Set<String>?
  /// Whether a restore, or something else that holds its lock, is running.
  package let isBusy: Bool

  /// Examines the target of a restore.
  ///
  /// - Returns: nil when no restore was interrupted there.
  package static func read(_ plan: RestorePlan) async throws -> InterruptedRestore? {
    var options = plan.options
    options.database = nil
    try RestoreSite.check(plan)
    let connection = try await Connection.open(options)
    do {
      let found = try await connection.query(
        "SELECT 1 AS found FROM information_schema.schemata WHERE schema_name = ?",
        [.text(plan.schema)])
      var interrupted: InterruptedRestore?
      if !found.rows.isEmpty {
        try await connection.execute("USE \(ObjectInventory.quoted(plan.schema))")
        interrupted = try await read(on: connection, schema: plan.schema)
      }
      await connection.close()
      return interrupted
    } catch {
      await connection.close()
      throw error
    }
  }

  /// Examines the selected schema.
  package static func read(
    on connection: Connection, schema: String
  ) async throws -> InterruptedRestore? {
    guard let marker = try await RestoreMarker.read(on: connection) else { return nil }
    let lock = try await connection.query(
      "SELECT IS_USED_LOCK(?) IS NOT NULL AS is_used", [.text(Deployment.lockName(of: schema))])
    return InterruptedRestore(
      backup: marker.backup, begunAt: marker.begunAt, isSwitched: marker.isSwitched,
      tables: marker.tables, isBusy: lock.rows.first?.integer("is_used") == 1)
  }
}
