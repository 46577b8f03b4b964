import Cryptography
internal import Foundation
internal import MariaDBClient
import Restore
internal import TestSupport
internal import Testing

@testable internal import Backup

/// A backup of a small schema, from which copies are made that are damaged on purpose.
struct BackupSample: Sendable {
  /// How to connect to the schema that was backed up.
  let options: ConnectionOptions
  /// The folder of the backup.
  let folder: BackupFolder
  /// Its manifest.
  let manifest: BackupManifest
  /// The key that readers use; nil for none.
  var key: EncryptionKey?

  // MARK: - Creating

  /// A folder for backups that is removed with the test process.
  static func newFolder() throws -> BackupFolder {
    BackupFolder(path: try TemporaryDirectory.make("backups").path(percentEncoded: false))
  }

  /// A new key.
  static func newKey() throws -> EncryptionKey {
    let folder = try TemporaryDirectory.make("key").path(percentEncoded: false)
    return try EncryptionKey.make(file: "\(folder)/key")
  }

  /// Waits until a condition holds.
  static func eventually(_ isSo: () async throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while try await !isSo() {
      try #require(ContinuousClock.now < end, "waited in vain")
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  /// Backs up the schema of a connection.
  static func make(
    _ connection: Connection, key: EncryptionKey? = nil, readsChecksums: Bool = true,
    acceptsRounding: Bool = false
  ) async throws -> BackupSample {
    let folder = try newFolder()
    let creation = BackupCreation(
      options: connection.options, folder: folder, key: key, readsChecksums: readsChecksums,
      acceptsRounding: acceptsRounding, payopsVersion: "test")
    return BackupSample(
      options: connection.options, folder: folder, manifest: try await creation.run(), key: key)
  }

  /// Runs a body with a connection to an empty schema of its own.
  static func withSchema<T>(_ body: (Connection) async throws -> T) async throws -> T {
    try await TestServer.withSchema(deployed: false) { connection in
      let result: Result<T, any Error>
      do {
        result = .success(try await body(connection))
      } catch {
        result = .failure(error)
      }
      try removeTriggerFiles(of: connection.options.database ?? "", connection.options)
      return try result.get()
    }
  }

  /// Removes files that MariaDB 10.11 leaves when triggers of several schemas change at the same
  /// time, and that keep it from dropping a schema.
  private static func removeTriggerFiles(of schema: String, _ options: ConnectionOptions) throws {
    let socket = URL(filePath: try #require(options.socket))
    let folder = socket.deletingLastPathComponent().appending(path: "data/\(schema)").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasSuffix(".TRG-") { unlink("\(folder)/\(name)") }
  }

  /// Runs a body with a name for a schema, which is dropped afterwards if it was created.
  static func withNewName<T>(_ body: (String) async throws -> T) async throws -> T {
    let name = "payops_test_" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
    let options = try await TestServer.shared()
    let administrator = try await Connection.open(options)
    let result: Result<T, any Error>
    do {
      result = .success(try await body(name))
    } catch {
      result = .failure(error)
    }
    try removeTriggerFiles(of: name, options)
    try await administrator.execute("SET SESSION lock_wait_timeout = 20")
    try await administrator.execute("DROP DATABASE IF EXISTS `\(name)`")
    await administrator.close()
    return try result.get()
  }

  /// Runs a body with a connection to an existing schema of the shared server.
  static func withConnection<T>(
    to schema: String, _ body: (Connection) async throws -> T
  ) async throws -> T {
    var options = try await TestServer.shared()
    options.database = schema
    let connection = try await Connection.open(options)
    do {
      let result = try await body(connection)
      await connection.close()
      return result
    } catch {
      await connection.close()
      throw error
    }
  }

  // MARK: - Reading

  /// Path of the data.
  var dataPath: String { folder.dataPath(of: manifest) }

  /// The dump.
  var dump: String {
    get throws {
      var bytes: [UInt8] = []
      try BackupReader.read(dataPath, manifest: manifest, key: key) {
        bytes.append(contentsOf: $0)
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// Verifies the backup by restoring it on the shared server.
  func examine(
    checks: Set<VerificationCheck> = Set(VerificationCheck.allCases), trust: BackupTrust = .none
  ) async throws -> BackupManifest.Verification {
    try await BackupVerification(
      folder: folder, key: key, place: .server(try await TestServer.shared()), trust: trust,
      checks: checks
    ).examine(manifest)
  }

  /// Restores the backup on the shared server.
  func restore(
    into schema: String, replaces: Bool = false, tables: Set<String>? = nil, compares: Bool = true,
    trust: BackupTrust = .none
  ) async throws {
    var plan = RestorePlan(options: try await TestServer.shared(), schema: schema)
    plan.replaces = replaces
    plan.tables = tables
    plan.trust = trust
    plan.comparesContent = compares
    let outcome = try await Restore(manifest, in: folder, key: key, plan: plan).run()
    #expect(outcome.findings == [])
  }

  // MARK: - Copies

  /// A copy whose dump was edited, with everything else adjusted to match.
  func withDump(_ edit: (inout String) throws -> Void) throws -> BackupSample {
    let before = try dump
    var text = before
    try edit(&text)
    try #require(text != before, "the edit changed nothing")
    let folder = try Self.newFolder()
    try Self.makeFolder("\(folder.path)/\(manifest.id)")
    let writer = try BackupWriter(
      path: folder.dataPath(of: manifest), id: manifest.id, compression: CompressionSettings(),
      key: key)
    try text.withUTF8 { try writer.write(UnsafeRawBufferPointer($0)) }
    let hash = try writer.finish()
    return try described(
      in: folder, rawBytes: writer.rawBytes, storedBytes: writer.storedBytes, sha256: hash)
  }

  /// A copy whose file was edited; with `seals` the manifest has the size and the hash of it.
  func withFile(seals: Bool, _ edit: (inout [UInt8]) throws -> Void) throws -> BackupSample {
    let before = [UInt8](try Data(contentsOf: URL(filePath: dataPath)))
    var bytes = before
    try edit(&bytes)
    try #require(bytes != before, "the edit changed nothing")
    let folder = try Self.newFolder()
    try Self.makeFolder("\(folder.path)/\(manifest.id)")
    try Data(bytes).write(to: URL(filePath: folder.dataPath(of: manifest)))
    guard seals else { return try described(in: folder) }
    var hash = SHA256()
    bytes.withUnsafeBytes { hash.update($0) }
    return try described(in: folder, storedBytes: Int64(bytes.count), sha256: hash.finish())
  }

  /// A copy with the same file whose manifest was edited as JSON.
  func withManifest(_ edit: (inout [String: Any]) throws -> Void) throws -> BackupSample {
    let json = try JSONSerialization.jsonObject(with: try manifest.encoded())
    var fields = try #require(json as? [String: Any])
    try edit(&fields)
    let edited = try BackupManifest.decode(
      try JSONSerialization.data(withJSONObject: fields), path: "test")
    try #require(edited != manifest, "the edit changed nothing")
    return try sealed(edited)
  }

  /// A copy with the same file and another manifest, sealed with the key.
  func sealed(_ edited: BackupManifest) throws -> BackupSample {
    var edited = edited
    if let key { edited.seal = try BackupSeal.make(edited, key: key) }
    let folder = try Self.newFolder()
    try Self.makeFolder("\(folder.path)/\(edited.id)")
    try FileManager.default.copyItem(atPath: dataPath, toPath: folder.dataPath(of: edited))
    return BackupSample(options: options, folder: folder, manifest: edited, key: key)
  }

  private func described(
    in folder: BackupFolder, rawBytes: Int64? = nil, storedBytes: Int64? = nil,
    sha256: String? = nil
  ) throws -> BackupSample {
    var manifest = manifest
    manifest.data = BackupManifest.StoredData(
      file: manifest.data.file, storedBytes: storedBytes ?? manifest.data.storedBytes,
      rawBytes: rawBytes ?? manifest.data.rawBytes, sha256: sha256 ?? manifest.data.sha256,
      keyId: manifest.data.keyId)
    if let key { manifest.seal = try BackupSeal.make(manifest, key: key) }
    try folder.update(manifest)
    return BackupSample(options: options, folder: folder, manifest: manifest, key: key)
  }

  private static func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
}

extension String {
  /// Replaces a text that occurs once.
  mutating func exchange(_ old: String, for new: String) throws {
    let parts = components(separatedBy: old)
    try #require(parts.count == 2, "\(old) is there \(parts.count - 1) times")
    self = parts.joined(separator: new)
  }

  /// Removes everything from one text to the end of the next occurrence of another.
  mutating func cut(from front: String, through end: String) throws {
    let start = try #require(range(of: front), "\(front) is not there").lowerBound
    let stop = try #require(range(of: end, range: start..<endIndex), "\(end) is not there")
    removeSubrange(start..<stop.upperBound)
  }

  /// Removes the block between two DELIMITER commands that holds a text.
  mutating func cutBlock(with text: String) throws {
    let place = try #require(range(of: text), "\(text) is not there")
    let front = try #require(
      range(of: "DELIMITER ;;\n", options: .backwards, range: startIndex..<place.lowerBound))
    let end = try #require(range(of: "DELIMITER ;\n", range: place.upperBound..<endIndex))
    removeSubrange(front.lowerBound..<end.upperBound)
  }
}

/// Two schemas of the shared server, compared by the server's own definitions and by EXCEPT,
/// without any tested code.
struct SchemaComparison: Sendable {
  /// The expected schema.
  let wanted: String
  /// The schema to compare.
  let found: String

  /// Every difference, one sentence each.
  func differences() async throws -> [String] {
    try await BackupSample.withConnection(to: wanted) { first in
      try await BackupSample.withConnection(to: found) { second in
        let objects = try await Self.objects(first)
        let others = try await Self.objects(second)
        var differences = Set(objects).subtracting(others).sorted().map { "\($0) is missing" }
        differences += Set(others).subtracting(objects).sorted().map { "\($0) is new" }
        for object in objects where others.contains(object) {
          differences += try await compare(object, first, second)
        }
        for aspect in Self.aspects {
          let rows = try await Self.rows(aspect, first)
          let otherRows = try await Self.rows(aspect, second)
          if rows != otherRows { differences.append("\(aspect): \(rows) became \(otherRows)") }
        }
        return differences
      }
    }
  }

  /// Properties that SHOW CREATE does not show.
  private static let aspects = [
    "SELECT @@character_set_database, @@collation_database",
    """
    SELECT trigger_name, event_object_table, event_manipulation, action_timing, action_order
    FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY trigger_name
    """,
    """
    SELECT table_name, constraint_name, referenced_table_name, update_rule, delete_rule
    FROM information_schema.referential_constraints
    WHERE constraint_schema = DATABASE() ORDER BY table_name, constraint_name
    """,
  ]

  private static func rows(_ sql: String, _ connection: Connection) async throws -> [[String?]] {
    try await connection.query(sql).rows.map(\.values)
  }

  /// Kind and quoted name of each object.
  private static func objects(_ connection: Connection) async throws -> [String] {
    try await connection.query(
      """
      SELECT CASE table_type WHEN 'VIEW' THEN 'VIEW' WHEN 'SEQUENCE' THEN 'SEQUENCE'
        ELSE 'TABLE' END AS kind, table_name AS name
      FROM information_schema.tables WHERE table_schema = DATABASE()
      UNION ALL
      SELECT routine_type, routine_name FROM information_schema.routines
      WHERE routine_schema = DATABASE()
      UNION ALL
      SELECT 'TRIGGER', trigger_name FROM information_schema.triggers
      WHERE trigger_schema = DATABASE()
      UNION ALL
      SELECT 'EVENT', event_name FROM information_schema.events WHERE event_schema = DATABASE()
      ORDER BY kind, name
      """
    ).rows.map { "\($0["kind"] ?? "") \(quoted($0["name"] ?? ""))" }
  }

  private static func quoted(_ name: String) -> String {
    "`" + name.replacing("`", with: "``") + "`"
  }

  private func compare(
    _ object: String, _ first: Connection, _ second: Connection
  ) async throws -> [String] {
    var differences: [String] = []
    let definition = try await definition(of: object, first)
    let other = try await self.definition(of: object, second)
    if definition != other { differences.append("\(object): \(definition) became \(other)") }
    if object.hasPrefix("TABLE ") {
      differences += try await compareRows(of: String(object.dropFirst(6)), first, second)
    } else if object.hasPrefix("SEQUENCE ") {
      let state = "SELECT next_not_cached_value, cycle_count FROM \(object.dropFirst(9))"
      let value = try await Self.rows(state, first)
      let otherValue = try await Self.rows(state, second)
      if value != otherValue {
        differences.append("\(object) stands at \(otherValue) instead of \(value)")
      }
    }
    return differences
  }

  /// The output of SHOW CREATE, without the instant of creation and the name of the schema.
  private func definition(of object: String, _ connection: Connection) async throws -> [String] {
    let row = try #require(try await connection.query("SHOW CREATE \(object)").rows.first)
    return zip(row.columns, row.values).filter { $0.0.name != "Created" }.map { column, value in
      let text = (value ?? "NULL").replacing("`\(wanted)`.", with: "").replacing(
        "`\(found)`.", with: "")
      return "\(column.name)=\(text)"
    }
  }

  private func compareRows(
    of table: String, _ first: Connection, _ second: Connection
  ) async throws -> [String] {
    let definition =
      try await first.query("SHOW CREATE TABLE \(table)").rows.first?.text(at: 1) ?? ""
    let isVersioned = definition.contains("WITH SYSTEM VERSIONING")
    var columns = try await first.query(
      """
      SELECT column_name AS name, data_type IN ('tinyint', 'smallint', 'mediumint', 'int', 'bigint',
        'decimal', 'float', 'double', 'date', 'time', 'datetime', 'timestamp', 'year') AS is_plain
      FROM information_schema.columns
      WHERE table_schema = DATABASE() AND BINARY table_name = BINARY ?
      ORDER BY ordinal_position
      """, [.text(String(table.dropFirst().dropLast()).replacing("``", with: "`"))]
    ).rows.map { row in
      let name = Self.quoted(row["name"] ?? "")
      // As bytes: EXCEPT compares texts by their collation.
      return row.integer("is_plain") == 1 ? name : "HEX(\(name))"
    }
    // Columns of the period that have names are among the others.
    if isVersioned, !definition.contains("PERIOD FOR SYSTEM_TIME") {
      columns += ["ROW_START", "ROW_END"]
    }
    let all = isVersioned ? " FOR SYSTEM_TIME ALL" : ""
    func select(_ schema: String) -> String {
      "SELECT \(columns.joined(separator: ", ")) FROM `\(schema)`.\(table)\(all)"
    }
    var differences: [String] = []
    for (these, those) in [(wanted, found), (found, wanted)] {
      let rows = try await Self.rows("\(select(these)) EXCEPT ALL \(select(those))", first)
      if !rows.isEmpty {
        differences.append("\(table): \(rows.count) rows of \(these) only, \(rows.prefix(3))")
      }
    }
    return differences
  }
}
