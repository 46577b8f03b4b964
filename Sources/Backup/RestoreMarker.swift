internal import MariaDBClient
internal import Schema

/// A table that says which restore works on a schema; it outlives the process that made it.
///
/// The statement that puts the tables in place renames it, too, so that its name tells on which side
/// of that a restore was interrupted.
struct RestoreMarker: Sendable {
  /// Its name until the tables are in place.
  static let loading = Deployment.restorePrefix + "restoring"
  /// Its name from then on.
  static let switched = Deployment.restorePrefix + "restored"

  /// Whether there was nothing in the schema when the restore began.
  let wasEmpty: Bool
  /// Whether the tables are in place.
  let isSwitched: Bool
  /// Sequences that the restore made under their own names.
  let sequences: [String]

  /// Reads the marker of the schema that is selected; nil when no restore was interrupted there.
  static func read(on connection: Connection) async throws -> RestoreMarker? {
    let names = try await connection.query(
      "SELECT table_name AS name FROM information_schema.tables"
        + " WHERE table_schema = DATABASE() AND table_name IN (?, ?) ORDER BY name DESC",
      [.text(loading), .text(switched)]
    ).rows.compactMap { $0["name"] }
    guard let name = names.first else { return nil }
    let facts = try await connection.query("SELECT fact, value FROM \(name)").rows
    return RestoreMarker(
      wasEmpty: facts.contains { $0["fact"] == "empty" }, isSwitched: name == switched,
      sequences: facts.filter { $0["fact"] == "sequence" }.compactMap { $0["value"] })
  }

  /// Marks the schema that is selected.
  static func begin(wasEmpty: Bool, on connection: Connection) async throws {
    try await end(on: connection)
    try await connection.execute(
      "CREATE TABLE \(loading) (fact VARCHAR(20) NOT NULL, value VARCHAR(64))"
        + " ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
    if wasEmpty { try await connection.execute("INSERT INTO \(loading) (fact) VALUES ('empty')") }
  }

  /// Notes that a sequence is about to be made under its own name.
  static func note(sequence: String, on connection: Connection) async throws {
    try await connection.execute(
      "INSERT INTO \(loading) (fact, value) VALUES ('sequence', ?)", [.text(sequence)])
  }

  /// Puts the marker of an interrupted restore back whose state is as it was.
  static func restoreSwitched(wasEmpty: Bool, on connection: Connection) async throws {
    try await begin(wasEmpty: wasEmpty, on: connection)
    try await connection.execute("RENAME TABLE \(loading) TO \(switched)")
  }

  /// Removes the mark.
  static func end(on connection: Connection) async throws {
    try await connection.execute("DROP TABLE IF EXISTS \(loading), \(switched)")
  }
}
