package import Backup
internal import MariaDBClient

extension Restore {
  /// Finds the objects whose definer does not exist on the server.
  ///
  /// - Parameter objects: those of the backup, as ``checkFile()`` returns them.
  /// - Throws: ``BackupError/Code/unsupported`` for the first one, when the plan refuses them;
  ///   ``BackupError/Code/missingPrivilege`` when it does, and the account may not look them up.
  @discardableResult
  package func lookForDefiners(of objects: [DefinedObject]) async throws -> [DefinedObject] {
    let wanted = objects.filter { object in
      plan.tables.map { tables in object.table.map(tables.contains) ?? false } ?? true
    }
    guard !wanted.isEmpty else { return [] }
    var options = plan.options
    options.database = nil
    let connection = try await Connection.open(options)
    let found: Set<String>?
    do {
      found = try await DefinerAccounts.read(on: connection)
      await connection.close()
    } catch {
      await connection.close()
      throw error
    }
    let missing = wanted.filter { found?.contains($0.definer) != true }
    guard plan.missingDefiners == .refuse, let first = missing.first else { return missing }
    guard found != nil else {
      throw BackupError(
        .missingPrivilege, "the account may not see which definers exist",
        hint: "nothing was changed; GRANT SELECT ON mysql.user TO it, or add"
          + " --missing-definers report")
    }
    throw BackupError(
      .unsupported,
      "\(first.object) of the backup has the definer \(first.definer), an account that does not"
        + " exist here"
        + (missing.count > 1 ? "; the same holds for \(missing.count - 1) more" : ""),
      hint: "nothing was changed; create the account, or add --missing-definers report")
  }
}
