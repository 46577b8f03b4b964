internal import Backup
internal import MariaDBClient
internal import Schema

/// The target schema of a restore: prepares it, and puts the loaded objects in place.
struct RestoreTarget: Sendable {
  /// Runs every definition.
  let connection: Connection
  let plan: RestorePlan
  let manifest: BackupManifest
  /// Whether this restore made the schema.
  let madeSchema: Bool
  /// The token in the temporary names of this restore.
  let token: String
  /// Whether the tables are already in place, by a restore that was interrupted after that.
  var isResumed = false
  /// Objects that the backup does not have, dropped at the end.
  let surplus: [SurplusObject]
  let before: [BackupManifest.ObjectFacts]
  /// The marker of an earlier, interrupted restore.
  private let interrupted: RestoreMarker?
  /// Accounts on the server as `user@host`; nil when the account may not see them.
  private let accounts: Set<String>?
  /// The restoring account, as `user@host`.
  private let owner: String

  /// Accepts rows and tables as they were: versioned, with defaults of looser modes, and without
  /// evaluating CHECK constraints, which the rows passed before, or which were off.
  ///
  /// MySQL knows no versioned tables and has no switch for CHECK constraints.
  static func leniency(on version: ServerVersion) -> String {
    "SET SESSION "
      + (version.isMariaDB
        ? "system_versioning_alter_history = KEEP, check_constraint_checks = 0, " : "")
      + "sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES'"
  }

  // MARK: - Preparing

  /// Connects, makes the schema if it is missing, and removes the remains of a killed restore.
  ///
  /// - Throws: ``BackupError/Code/targetInUse`` when a non-empty schema may not be replaced.
  static func open(_ plan: RestorePlan, manifest: BackupManifest) async throws -> RestoreTarget {
    var options = plan.options
    options.database = nil
    try RestoreSite.check(plan)
    let connection = try await Connection.openLasting(options)
    do {
      return try await prepare(plan, manifest, connection)
    } catch {
      await connection.close()
      throw error
    }
  }

  private static func prepare(
    _ plan: RestorePlan, _ manifest: BackupManifest, _ connection: Connection
  ) async throws -> RestoreTarget {
    let name = ObjectInventory.quoted(plan.schema)
    guard manifest.isOfMySQL != connection.serverVersion.isMariaDB else {
      throw BackupError(
        .unsupported,
        "\(manifest.id) is of \(ServerVersion(manifest.serverVersion).short), which"
          + " \(connection.serverVersion.short) does not restore",
        hint: "name a server of the same product")
    }
    try await Snapshot.takeDeploymentLock(of: plan.schema, on: connection)
    let found = try await connection.query(
      "SELECT 1 AS found FROM information_schema.schemata WHERE schema_name = ?",
      [.text(plan.schema)])
    let madeSchema = found.rows.isEmpty
    if madeSchema {
      try await connection.execute(
        "CREATE DATABASE \(name) CHARACTER SET \(manifest.characterSet)"
          + " COLLATE \(manifest.collation)")
    }
    try await connection.execute("USE \(name)")
    let interrupted = try await RestoreMarker.read(on: connection)
    let site = RestoreSite(try await ObjectInventory.names(on: connection), interrupted, plan)
    guard plan.replaces || site.isFree else {
      throw BackupError(
        .targetInUse, "the schema \(plan.schema) is not empty",
        hint: "restore into a new one with --as NAME, or replace it with --replace"
          + (interrupted?.backup.map { "; a restore of \($0) was interrupted here: --finish" } ?? "")
      )
    }
    // Only now: the tables that were moved away may be the only copy.
    try await dropStaging(of: interrupted, on: connection)
    let before = try await ObjectInventory.read(from: connection)
    if let wanted = plan.tables { try await checkReferences(to: wanted, on: connection) }
    if !before.isEmpty { try await checkReferences(fromOutside: plan.schema, on: connection) }
    let token = String(UInt32.random(in: 0...UInt32.max), radix: 36)
    let surplus = plan.tables == nil ? SurplusObject.find(in: before, butNot: manifest) : []
    try await RestoreMarker.begin(
      try await RestoreMarker.facts(
        plan, backup: manifest.id, token: token, wasEmpty: before.isEmpty || site.isUnfinished,
        surplus: surplus, on: connection), on: connection)
    if ErasureRecord.applies(to: manifest, plan, before: before) {
      try await ErasureRecord.keep(plan, manifest, on: connection)
    }
    return RestoreTarget(
      connection: connection, plan: plan, manifest: manifest, madeSchema: madeSchema,
      token: token, surplus: surplus, before: before, interrupted: interrupted,
      accounts: try await DefinerAccounts.read(on: connection),
      owner: try await DefinerAccounts.current(on: connection))
  }

  /// Connects to a schema whose tables an interrupted restore has already put in place.
  ///
  /// - Throws: ``BackupError/Code/notFound`` when there is no such restore of the backup.
  static func resume(_ plan: RestorePlan, manifest: BackupManifest) async throws -> RestoreTarget {
    var options = plan.options
    options.database = nil
    try RestoreSite.check(plan)
    let connection = try await Connection.openLasting(options)
    do {
      try await Snapshot.takeDeploymentLock(of: plan.schema, on: connection)
      try await connection.execute("USE \(ObjectInventory.quoted(plan.schema))")
      // Another process may have finished it, or started another one, since it was examined.
      guard let marker = try await RestoreMarker.read(on: connection), marker.isSwitched,
        marker.backup == manifest.id, let token = marker.token
      else {
        throw BackupError(
          .notFound, "no unfinished restore of \(manifest.id) is in schema \(plan.schema)")
      }
      return RestoreTarget(
        connection: connection, plan: plan, manifest: manifest, madeSchema: false, token: token,
        isResumed: true, surplus: marker.surplus,
        before: try await ObjectInventory.read(from: connection), interrupted: marker,
        accounts: try await DefinerAccounts.read(on: connection),
        owner: try await DefinerAccounts.current(on: connection))
    } catch {
      await connection.close()
      throw error
    }
  }

  /// Drops the staging and replaced tables of restores, and the sequences that one made before its
  /// tables were in place.
  static func dropStaging(
    of marker: RestoreMarker?, on connection: Connection
  ) async throws {
    var names = try await connection.query(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()"
    ).rows.compactMap { $0["name"] }.filter(StagingName.isOne)
    if let marker, !marker.isSwitched { names += marker.sequences }
    guard !names.isEmpty else { return }
    try await connection.execute("SET SESSION foreign_key_checks = 0")
    try await connection.execute(
      "DROP TABLE IF EXISTS " + names.map { ObjectInventory.quoted($0) }.joined(separator: ", "))
    try await connection.execute("SET SESSION foreign_key_checks = 1")
  }

  /// A table that others refer to cannot be replaced without them.
  private static func checkReferences(
    to tables: Set<String>, on connection: Connection
  ) async throws {
    let rows = try await connection.query(
      "SELECT table_name AS child, referenced_table_name AS parent"
        + " FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE()"
    ).rows
    for row in rows {
      guard let child = row["child"], let parent = row["parent"] else { continue }
      guard tables.contains(parent), !tables.contains(child) else { continue }
      throw BackupError(
        .unsafeTarget, "table \(parent) is referenced by \(child), which is not restored",
        hint: "name both with --tables")
    }
  }

  /// A foreign key of another schema would still reference the table that was moved away.
  private static func checkReferences(
    fromOutside schema: String, on connection: Connection
  ) async throws {
    let row = try await connection.query(
      "SELECT table_schema AS child_schema, table_name AS child, referenced_table_name AS parent"
        + " FROM information_schema.key_column_usage"
        + " WHERE referenced_table_schema = ? AND table_schema <> ? LIMIT 1",
      [.text(schema), .text(schema)]
    ).rows.first
    guard let row else { return }
    throw BackupError(
      .unsafeTarget,
      "table \(row["parent"] ?? "") is referenced by"
        + " \(row["child_schema"] ?? "").\(row["child"] ?? "") of another schema",
      hint: "drop that foreign key first, and add it again afterwards")
  }

  // MARK: - Texts

  /// A definition of a table without the name of its own schema (defaults from sequences have it).
  func withoutSourceSchema(_ text: String, source: String) -> String {
    guard source != plan.schema else { return text }
    return text.replacing(
      "nextval(\(ObjectInventory.quoted(source).asBytes).",
      with: "nextval(\(ObjectInventory.quoted(plan.schema).asBytes).")
  }

  /// A definition with a definer that exists.
  func withDefiner(_ statement: DumpStatement) -> String {
    let text = statement.text
    guard let definer = statement.definer, keptDefiner(of: statement) == nil else { return text }
    if case .keepExisting = plan.definers {
      plan.onReplacedDefiner(
        ReplacedDefiner(object: statement.object ?? "", definer: definer.account, owner: owner))
    }
    return text.replacingCharacters(in: definer.range, with: "DEFINER=CURRENT_USER")
  }

  /// The definer of a definition, as `user@host`, when it exists and is kept.
  func keptDefiner(of statement: DumpStatement) -> String? {
    guard case .keepExisting = plan.definers, let account = statement.definer?.account,
      accounts?.contains(account) ?? false
    else { return nil }
    return account
  }

  /// Whether the definer of a definition is known not to exist.
  func hasLostDefiner(_ statement: DumpStatement) -> Bool {
    guard case .keepExisting = plan.definers, let accounts, let definer = statement.definer else {
      return false
    }
    return !accounts.contains(definer.account)
  }

  // MARK: - Putting in place

  /// Puts the loaded objects in place: all tables at once, then everything else.
  ///
  /// - Parameters:
  ///   - dump: the loaded objects.
  ///   - wanted: the tables to restore; nil for everything.
  /// - Returns: see ``finish(_:wanted:)``.
  func put(
    _ dump: LoadedDump, inPlaceOf wanted: Set<String>?
  ) async throws -> ErasureReplay? {
    try await addForeignKeys(dump)
    try await addTriggers(dump.definitions)
    FaultPoint.reach("restore.before-switch")
    if wanted == nil { try await dropObjectsInTheWay() }
    try await exchange(dump, wanted: wanted)
    FaultPoint.reach("restore.switched")
    return try await finish(dump, wanted: wanted)
  }

  /// Drops views that have the name of an object of another kind in the backup.
  private func dropObjectsInTheWay() async throws {
    let relations = ["table", "view", "sequence"]
    for object in before where object.kind == "view" {
      let isInTheWay = manifest.objects.contains {
        $0.name == object.name && relations.contains($0.kind) && $0.kind != "view"
      }
      guard isInTheWay else { continue }
      try await connection.execute("DROP VIEW \(ObjectInventory.quoted(object.name))")
    }
  }

  /// Whether the schema had an object of a name, other than a routine.
  func hadRelation(_ name: String) -> Bool {
    before.contains { ["table", "view", "sequence"].contains($0.kind) && $0.name == name }
  }

  private func addForeignKeys(_ dump: LoadedDump) async throws {
    let restored = Set(dump.tables.map(\.name))
    // The rows come from a consistent snapshot; the server need not check each one again.
    try await connection.execute("SET SESSION foreign_key_checks = 0")
    try await connection.execute(Self.leniency(on: connection.serverVersion))
    for table in dump.tables where !table.foreignKeys.isEmpty {
      let clauses = table.foreignKeys.compactMap { key -> String? in
        guard let parent = key.parent else {
          return "ADD "
            + key.clause(named: StagingName.temporary(key.name, token: token), parent: nil)
        }
        guard restored.contains(parent) || exists(parent) else { return nil }
        return "ADD "
          + key.clause(
            named: StagingName.temporary(key.name, token: token),
            parent: restored.contains(parent) ? StagingName.new(parent) : parent)
      }
      guard !clauses.isEmpty else { continue }
      try await run(
        "ALTER TABLE \(ObjectInventory.quoted(StagingName.new(table.name)).asBytes) "
          + clauses.joined(separator: ", "))
    }
    try await connection.execute("SET SESSION foreign_key_checks = 1")
  }

  private func exists(_ table: String) -> Bool {
    before.contains { $0.kind == "table" && $0.name == table }
  }

  /// Triggers are made before the exchange, so that no row is written without them.
  ///
  /// - Parameter statements: all definitions, with the settings of the session around them.
  private func addTriggers(_ statements: [DumpStatement]) async throws {
    var settings = SettingQueue()
    for statement in statements {
      switch statement.kind {
      case .session: settings.add(statement.bytes)
      case .trigger(let name, let table):
        guard let trigger = TriggerText(withDefiner(statement)) else { continue }
        try await settings.send(on: connection)
        try await run(
          trigger.renamed(
            to: StagingName.temporary(name, token: token), on: StagingName.new(table)))
      default: continue
      }
    }
    try await settings.send(on: connection)
  }

  /// Runs a statement in which each byte is one character.
  func run(_ statement: String) async throws {
    try await connection.execute(bytes: statement.bytes)
  }

  /// One statement moves the old tables away and the new ones in: readers see either set.
  ///
  /// While it waits for readers of a table, all later sessions wait behind it, so it gives way from
  /// time to time.
  private func exchange(_ dump: LoadedDump, wanted: Set<String>?) async throws {
    let new = dump.tables.map(\.name) + dump.stagedSequences
    let old = before.filter {
      wanted.map { [name = $0.name, kind = $0.kind] in kind == "table" && $0.contains(name) }
        ?? ["table", "sequence"].contains($0.kind)
    }.map(\.name)
    let pairs =
      [(RestoreMarker.loading, RestoreMarker.switched)] + old.map { ($0, StagingName.old($0)) }
      + new.map { (StagingName.new($0), $0) }
    let statement =
      "RENAME TABLE "
      + pairs.map { "\(ObjectInventory.quoted($0.0)) TO \(ObjectInventory.quoted($0.1))" }
      .joined(separator: ", ")
    try await connection.execute(
      "SET SESSION foreign_key_checks = 1, lock_wait_timeout = \(Self.exchangeSeconds)")
    for _ in 0..<Self.exchangeAttempts {
      do {
        return try await connection.executeCancellable(statement)
      } catch let error as DatabaseError {
        guard error.code == .lockTimeout else { throw error }
      }
    }
    throw BackupError(
      .busy,
      "the tables were in use for \(Self.exchangeAttempts * Self.exchangeSeconds) s;"
        + " nothing was changed",
      hint: "see SHOW PROCESSLIST for open transactions, end them, and run the same command again")
  }

  /// Seconds for which other sessions may have to wait behind the exchange at a time.
  private static let exchangeSeconds = 10
  private static let exchangeAttempts = 30

  // MARK: - Ending

  /// Removes loaded tables that are not in place, and the schema when this restore made it.
  func discardStaging() async {
    // The connection may be broken; the next restore removes the tables, too.
    _ = try? await connection.execute("UNLOCK TABLES")
    guard let marker = try? await RestoreMarker.read(on: connection) else { return }
    try? await Self.dropStaging(of: marker, on: connection)
    if let interrupted, interrupted.isSwitched, !marker.isSwitched {
      try? await interrupted.putBack(on: connection)
    } else if !marker.isSwitched {
      try? await RestoreMarker.end(on: connection)
    }
    if madeSchema {
      _ = try? await connection.execute("DROP DATABASE \(ObjectInventory.quoted(plan.schema))")
    }
  }

  /// Closes the connection and so releases the lock.
  func close() async {
    await connection.close()
  }
}

extension String {
  /// The text with a range replaced.
  func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}
