package import MariaDBClient
import PayopsCore

/// Installs the schema of this binary into the database of a connection, and compares the two.
///
/// Deploying is idempotent: an object whose source and definition are as recorded is left alone.
/// Obstacles are looked for before the first statement: tables that are not of payops, versions of
/// tables without a migration, privileges, settings of the server, rows. One deployment runs at a
/// time. After an interruption the same call continues. Where the schema has an ``OwnerAccount``
/// and the session may set definers, objects become the owner's; otherwise they belong to the
/// account that deploys.
package struct Deployment: Sendable {
  /// What a deployment did to an object, or would do.
  ///
  /// `record` changes no object: the object already is that of the release, and only its record is
  /// written.
  package enum Action: String, Sendable {
    case record, alter, create, replace, migrate, adopt, load, drop
  }

  /// One object that a deployment touches.
  package struct Step: Sendable, Equatable {
    /// The action.
    package let action: Action
    /// Path of the object in the manifest.
    package let path: String
    /// The statements, in order.
    package let statements: [String]
    /// The version of a table that a migration starts from.
    var from: String?
  }

  let connection: Connection
  let dialect: Dialect
  let manifest: Manifest
  let version: String

  /// - Parameters:
  ///   - connection: Connection with the target database selected.
  ///   - manifest: What to install; the manifest of this binary by default.
  ///   - version: Version of payops, recorded with each object.
  package init(
    connection: Connection, manifest: Manifest? = nil, version: String = "unversioned"
  ) throws(SchemaError) {
    self.connection = connection
    dialect = Dialect(of: connection.serverVersion)
    let own: Manifest
    if let manifest { own = manifest } else { own = try Manifest.embedded() }
    self.manifest = own.written(in: dialect)
    self.version = version
  }

  /// Installs every object that is missing, older or changed.
  ///
  /// - Parameters:
  ///   - lockTimeoutSeconds: How long to wait for another deployment to end.
  ///   - progress: Called before each step with its number from 1, the count and the path.
  /// - Returns: The steps taken; empty when the schema was up to date.
  /// - Throws: `SchemaError` naming the object, `DatabaseError` when the connection fails.
  @discardableResult
  package func deploy(
    lockTimeoutSeconds: Int = 10,
    progress: (@Sendable (Int, Int, String) -> Void)? = nil
  ) async throws -> [Step] {
    let database = try await currentDatabase()
    let lock = Deployment.lockName(of: database)
    let answer = try await connection.query(
      "SELECT GET_LOCK(?, ?)", [.text(lock), .integer(Int64(lockTimeoutSeconds))])
    let isLocked = answer.rows.first?.values.first ?? nil
    guard isLocked == "1" else {
      throw SchemaError(
        code: .locked, context: "another deployment into schema \(database) is running")
    }
    do {
      let steps = try await deployLocked(progress: progress)
      _ = try await connection.query("SELECT RELEASE_LOCK(?)", [.text(lock)])
      return steps
    } catch {
      _ = try? await connection.query("SELECT RELEASE_LOCK(?)", [.text(lock)])
      throw error
    }
  }

  /// Name of the lock that a deployment into a schema holds; the server allows only short names.
  package static func lockName(of database: String) -> String {
    "payops_deploy_\(FNV1a64.hexadecimal(of: database))"
  }

  /// What `deploy` would do now, without doing it.
  package func plan() async throws -> [Step] {
    _ = try await currentDatabase()
    return try await wholePlan(of: try await Inventory.read(from: connection))
  }

  private func wholePlan(of inventory: Inventory) async throws -> [Step] {
    let objects = try await plan(of: inventory)
    guard try await !hasUsualTextDefaults() else { return objects }
    // First: objects created afterwards may inherit their character set from the schema.
    let defaults = Step(
      action: .alter, path: "schema", statements: ["ALTER DATABASE \(TextDefaults.clause)"])
    return [defaults] + objects
  }

  /// Whether objects that are created in the schema get the character set and collation of payops.
  func hasUsualTextDefaults() async throws -> Bool {
    let row = try await connection.query("SELECT @@collation_database AS collation").rows.first
    return row?["collation"] == TextDefaults.collation
  }

  private func deployLocked(
    progress: (@Sendable (Int, Int, String) -> Void)?
  ) async throws -> [Step] {
    try await checkInterruptedRestore()
    let inventory = try await Inventory.read(from: connection)
    let steps = try await wholePlan(of: inventory)
    if !steps.isEmpty { try await checkPreconditions(of: steps) }
    // The table that records the deployment comes first, so that each object can be recorded as
    // soon as it is there.
    if let record = manifest.objects.first(where: { $0.name == "deployed_objects" }) {
      for statement in record.statements { try await run(statement, of: record.path) }
    }
    let usesLocks = steps.contains { isUsedByPayments($0.path) && !$0.statements.isEmpty }
    let killer = usesLocks ? try await Connection.open(connection.options) : nil
    // A table that was recognised by its shape is recorded first, so that an interrupted migration
    // of it is continued.
    for step in steps {
      guard let from = step.from, inventory.recorded[step.path]?.sourceChecksum != from,
        let object = manifest.objects.first(where: { $0.path == step.path })
      else { continue }
      try await record(object, as: from)
    }
    // A new rollup is recorded once it is filled, so that an interruption is noticed.
    let rollups = try await newRollups(in: steps, of: inventory)
    for (index, step) in steps.enumerated() {
      try Task.checkCancellation()
      progress?(index + 1, steps.count, step.path)
      let grants = try await grantsLost(by: step)
      for text in step.statements {
        guard let statement = try await current(text) else { continue }
        if let killer, isUsedByPayments(step.path), takesLock(statement) {
          try await runBriefly(statement, of: step.path, killer: killer)
        } else {
          try await run(statement, of: step.path)
        }
      }
      for statement in grants { try await run(statement, of: step.path) }
      if step.action == .drop {
        try await connection.execute(
          "DELETE FROM deployed_objects WHERE object_path = ?", [.text(step.path)])
      } else if let object = manifest.objects.first(where: { $0.path == step.path }) {
        try await confirm(object, after: step)
        if !rollups.contains(object.path) { try await record(object) }
      }
    }
    await killer?.close()
    try await fill(rollups)
    return steps
  }

  /// Fails when a migration did not produce the table of the manifest.
  private func confirm(_ object: SchemaObject, after step: Step) async throws {
    guard object.kind == .table, step.action != .create, let wanted = object.shape else { return }
    let found = try await Inventory.shape(of: object.name, on: connection)
    guard let found, found != wanted else { return }
    throw SchemaError(
      code: .tableChanged,
      context: "table \(object.name) is not what its migration leads to: "
        + Deployment.list(wanted.differences(from: found)))
  }

  /// Whether a statement that writes a payment uses the object until its transaction ends: triggers
  /// and the functions that they call.
  private func isUsedByPayments(_ path: String) -> Bool {
    path.hasPrefix("sql/triggers/") || path.hasPrefix("procedures/functions/")
  }

  /// Whether a statement waits for transactions that use the object. Where an object is replaced in
  /// several statements, the later ones wait for nobody, and must not be cut short.
  private func takesLock(_ statement: String) -> Bool {
    dialect == .mariaDB || statement.hasPrefix("LOCK TABLES")
      || statement.hasPrefix("DROP FUNCTION")
  }

  /// How long to wait for open transactions that use an object to be replaced.
  private static let patience = Duration.seconds(60)

  /// Replaces an object that payments use. A session that waits for its lock blocks every later
  /// payment, so each attempt waits briefly and is repeated.
  private func runBriefly(_ statement: String, of path: String, killer: Connection) async throws {
    do {
      let isDone = try await BriefLock(patience: Self.patience)
        .run(statement, on: connection, killer: killer)
      guard isDone else {
        throw SchemaError(
          code: .held, context: "\(path) is used by transactions that did not end within 60 s")
      }
    } catch let error as DatabaseError {
      throw SchemaError(code: .statement, context: path, underlying: error)
    }
  }

  /// The prefix of names that only a restore gives.
  package static let restorePrefix = "_payops_"

  /// After an interrupted restore triggers may have other names than their own: creating the
  /// missing ones would capture every change twice.
  private func checkInterruptedRestore() async throws {
    let pattern = Deployment.restorePrefix.replacing("_", with: "\\_") + "%"
    let left = try await connection.query(
      """
      SELECT trigger_name AS name FROM information_schema.triggers
      WHERE trigger_schema = DATABASE() AND trigger_name LIKE ?
      UNION ALL
      SELECT table_name FROM information_schema.tables
      WHERE table_schema = DATABASE() AND table_name LIKE ?
      LIMIT 1
      """, [.text(pattern), .text(pattern)])
    guard let name = left.rows.first?["name"] else { return }
    throw SchemaError(
      code: .interruptedRestore,
      context: "a restore into the schema was interrupted: it left \(name)"
    )
  }

  private func plan(of inventory: Inventory) async throws -> [Step] {
    let owner = try await OwnerAccount.find(for: try await currentDatabase(), on: connection)
    let definers = owner == nil ? [:] : try await OwnerAccount.definers(on: connection)
    try refuseForeignTables(in: inventory)
    var steps: [Step] = []
    let migrations = try self.migrations()
    var unknown: [(name: String, error: String, isForeign: Bool)] = []
    for object in manifest.objects where object.kind != .migration {
      let recorded = inventory.recorded[object.path]
      let found = inventory.definitionChecksum(of: object)
      if object.kind == .table, found != nil {
        switch version(of: object, in: inventory, by: migrations) {
        case .present:
          if recorded?.sourceChecksum != object.sourceChecksum {
            steps.append(Step(action: .adopt, path: object.path, statements: []))
          }
        case .altered: break
        case .earlier(let from):
          guard
            let path = Migration.path(
              of: object.name, from: from, to: object.sourceChecksum, in: migrations)
          else {
            unknown.append(
              (
                object.name,
                "table \(object.name) is deployed in another version (\(from)), and no migration"
                  + " leads to \(object.sourceChecksum)", false
              ))
            continue
          }
          steps.append(
            Step(
              action: .migrate, path: object.path, statements: path.flatMap(\.object.statements),
              from: from))
        case .unknown(let differences):
          unknown.append(
            (object.name, "\(object.name) (\(Deployment.list(differences)))", recorded == nil))
        }
        continue
      }
      let isCurrent =
        recorded?.sourceChecksum == object.sourceChecksum
        && (object.kind == .reference || (found != nil && found == recorded?.definitionChecksum))
      let definer = definers[Inventory.Key(kind: object.kind, name: object.name)]
      let isOwned = owner == nil || definer == nil || definer == owner?.definer
      if isCurrent && isOwned { continue }
      if object.kind == .trigger, isOwned, let found, found == object.triggerChecksum {
        // Replacing it would stop every payment for a moment without need.
        steps.append(Step(action: .record, path: object.path, statements: []))
        continue
      }
      let action: Action = object.kind == .reference ? .load : found == nil ? .create : .replace
      let statements = object.statements.map { owner?.owning($0, kind: object.kind) ?? $0 }
      steps.append(Step(action: action, path: object.path, statements: statements))
    }
    try refuse(unknown)
    steps += dropsOfEarlierTables(in: inventory, by: migrations)
    let listed = Set(manifest.objects.map(\.path))
    for (path, recorded) in inventory.recorded.sorted(by: { $0.key > $1.key })
    where !listed.contains(path) && recorded.kind != .table && recorded.kind != .reference {
      let statement = "DROP \(recorded.kind.rawValue.uppercased()) IF EXISTS \(recorded.name)"
      steps.append(Step(action: .drop, path: path, statements: [statement]))
    }
    return steps
  }

  func record(_ object: SchemaObject, as checksum: String? = nil) async throws {
    let definition = try await Inventory.definitionChecksum(of: object, on: connection) ?? ""
    try await connection.execute(
      """
      INSERT INTO deployed_objects (
        object_path, object_kind, object_name, source_checksum, definition_checksum,
        deployed_at, deployed_version
      ) VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP(), ?)
      ON DUPLICATE KEY UPDATE
        object_kind = VALUES(object_kind), object_name = VALUES(object_name),
        source_checksum = VALUES(source_checksum),
        definition_checksum = VALUES(definition_checksum),
        deployed_at = VALUES(deployed_at), deployed_version = VALUES(deployed_version)
      """,
      [
        .text(object.path), .text(object.kind.rawValue), .text(object.name),
        .text(checksum ?? object.sourceChecksum), .text(definition), .text(version),
      ])
  }

  private func run(_ statement: String, of path: String) async throws {
    do {
      _ = try await connection.queryAll(statement)
    } catch {
      throw SchemaError(code: .statement, context: path, underlying: error)
    }
  }

  func currentDatabase() async throws -> String {
    let result = try await connection.query("SELECT DATABASE()")
    guard let name = result.rows.first?.values.first ?? nil else {
      throw SchemaError(code: .noDatabase, context: "the connection has no schema selected")
    }
    return name
  }
}
