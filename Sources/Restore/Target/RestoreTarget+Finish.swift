internal import Backup
internal import MariaDBClient

/// The steps after the exchange of the tables. An interrupted restore may already have done any of
/// them.
extension RestoreTarget {
  /// Renames keys and triggers, defines everything but tables, and drops the remains.
  ///
  /// - Parameters:
  ///   - dump: the definitions.
  ///   - wanted: the tables to restore; nil for everything.
  /// - Returns: the outcome of later erasures of personal data; nil for a schema without erasures.
  func finish(_ dump: LoadedDump, wanted: Set<String>?) async throws -> ErasureReplay? {
    do {
      try await Self.dropStaging(of: nil, on: connection)
      if wanted == nil, !madeSchema {
        try await connection.execute(
          "ALTER DATABASE \(ObjectInventory.quoted(plan.schema)) CHARACTER SET"
            + " \(manifest.characterSet) COLLATE \(manifest.collation)")
      }
      try await renameForeignKeys(dump)
      FaultPoint.reach("restore.keys-named")
      try await grantToDefiners(of: dump.definitions)
      try await define(dump.definitions)
      FaultPoint.reach("restore.defined")
      if wanted == nil { try await dropSurplus() }
      var erasures: ErasureReplay?
      if ErasureRecord.applies(to: manifest, plan, before: before) {
        erasures = try await ErasureRecord.replay(plan, wanted: wanted)
      }
      // The restore is not complete while an erased customer is present again.
      if erasures?.refused.isEmpty ?? true { try await RestoreMarker.end(on: connection) }
      return erasures
    } catch let error as DatabaseError {
      if error.isOfSurroundings { throw error }
      throw BackupError(
        .refusedStatement,
        "the tables are those of the backup, but the server refused a definition:"
          + " \(error.debugDescription)",
        hint: "fix it and run `payops restore --finish`, restore into another schema,"
          + " or bring back the safety backup")
    }
  }

  /// The old tables had the names of the foreign keys until now.
  private func renameForeignKeys(_ dump: LoadedDump) async throws {
    let there = Set(dump.tables.map(\.name)).union(
      before.filter { $0.kind == "table" }.map(\.name))
    let names = try await isResumed ? foreignKeyNames() : nil
    try await connection.execute("SET SESSION foreign_key_checks = 0")
    try await connection.execute(Self.leniency(on: connection.serverVersion))
    for table in dump.tables {
      let keys = table.foreignKeys.filter { key in
        (key.parent.map(there.contains) ?? true)
          && names?.contains(StagingName.temporary(key.name, token: token)) ?? true
      }
      guard !keys.isEmpty else { continue }
      let clauses = keys.flatMap { key in
        let temporary = ObjectInventory.quoted(StagingName.temporary(key.name, token: token))
        return [
          "DROP FOREIGN KEY \(temporary.asBytes)",
          "ADD \(key.clause(named: key.name, parent: key.parent))",
        ]
      }
      try await run(
        "ALTER TABLE \(ObjectInventory.quoted(table.name).asBytes) "
          + clauses.joined(separator: ", "))
    }
    try await connection.execute("SET SESSION foreign_key_checks = 1")
  }

  private func foreignKeyNames() async throws -> Set<String> {
    Set(
      try await connection.query(
        "SELECT constraint_name AS name FROM information_schema.table_constraints"
          + " WHERE constraint_schema = DATABASE() AND constraint_type = 'FOREIGN KEY'"
      ).rows.compactMap { $0["name"] })
  }

  /// Renames a trigger; the lock blocks writers while it is missing or exists twice.
  func nameTrigger(_ statement: DumpStatement, _ name: String, _ table: String) async throws {
    // The temporary trigger is dropped first: where the final one exists, that was done.
    if isResumed, before.contains(where: { $0.kind == "trigger" && $0.name == name }) { return }
    let temporary = ObjectInventory.quoted(StagingName.temporary(name, token: token))
    guard let trigger = TriggerText(withDefiner(statement)) else { return }
    try await connection.execute("LOCK TABLES \(ObjectInventory.quoted(table)) WRITE")
    do {
      try await connection.execute("DROP TRIGGER \(isResumed ? "IF EXISTS " : "")\(temporary)")
      FaultPoint.reach("restore.trigger-dropped")
      try await run(trigger.unqualified)
      try await connection.execute("UNLOCK TABLES")
    } catch {
      _ = try? await connection.execute("UNLOCK TABLES")
      throw error
    }
  }

  /// Drops objects that the backup does not have.
  private func dropSurplus() async throws {
    for object in surplus {
      try await connection.execute(
        "DROP \(object.kind.uppercased()) IF EXISTS \(ObjectInventory.quoted(object.name))")
    }
  }
}

extension Restore {
  /// Completes a restore that was interrupted after its tables were in place. Rows stay unchanged,
  /// including those written since.
  ///
  /// - Throws: ``BackupError/Code/notFound`` when no restore of the backup was interrupted.
  package func finish() async throws -> Outcome {
    let clock = ContinuousClock()
    let began = clock.now
    let target = try await RestoreTarget.resume(plan, manifest: manifest)
    do {
      let erasures = try await target.finish(
        try await definitions(for: target), wanted: plan.tables)
      let findings = plan.comparesContent ? try await changedObjects() : []
      await target.close()
      return Outcome(
        seconds: (clock.now - began).inSeconds, findings: findings, erasures: erasures)
    } catch {
      // The finished steps and the marker stay: the next attempt continues from there.
      await target.close()
      throw error
    }
  }

  /// Everything of the dump but its rows.
  private func definitions(for target: RestoreTarget) async throws -> LoadedDump {
    var dump = LoadedDump(sourceSchema: manifest.schema, wanted: plan.tables)
    let source = DumpSource.start(
      dataPath, manifest: manifest, key: key, checksHash: plan.checksHash, trust: try trust(),
      readers: 1)
    defer { source.cancel() }
    for try await statement in source.statements {
      try Task.checkCancellation()
      dump.keep(statement, target: target)
      source.took(statement)
    }
    dump.sort(like: manifest.tables.map(\.name))
    return dump
  }
}
