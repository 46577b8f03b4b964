import MariaDBClient

/// A difference between a schema and what this binary would deploy.
package struct Drift: Sendable, Equatable {
  /// Kind of difference.
  package enum Kind: String, Sendable {
    /// The object is missing.
    case missing
    /// The object is there, but the server does not show its definition to the account: it shows the
    /// body of a routine only to its owner and to readers of mysql.proc.
    case hidden
    /// The object is not the one that was deployed: somebody changed it by hand.
    case changed
    /// The object is as another version of payops deployed it.
    case outdated
    /// The object exists, but no deployment recorded it.
    case unrecorded
    /// The object belongs to no manifest.
    case extra
  }

  /// Kind of difference.
  package let kind: Kind
  /// `table`, `view`, `procedure` …; `schema` when its character set or collation differs.
  package let objectKind: String
  /// Name of the object.
  package let name: String
  /// What differs in a table, one phrase for each column, key or constraint.
  package var details: [String] = []

  /// What differs, in words: `table settings changed (column note is extra)`.
  package var description: String {
    "\(objectKind) \(name) \(kind.rawValue)"
      + (details.isEmpty ? "" : " (\(Deployment.list(details)))")
  }
}

extension Deployment {
  /// The tables that are not as this binary defines them, which a deployment does not touch.
  package func tableDrift() async throws -> [Drift] {
    try await drift().filter {
      $0.objectKind == SchemaObject.Kind.table.rawValue && $0.kind != .extra
    }
  }

  /// How an existing table differs from its file.
  func tableDifferences(of object: SchemaObject, in inventory: Inventory) -> [String] {
    guard let wanted = object.shape, let found = inventory.shapes[object.name], wanted != found
    else { return [] }
    return wanted.differences(from: found)
  }

  /// The first phrases, and how many more there are.
  static func list(_ phrases: [String], limit: Int = 6) -> String {
    let first = phrases.prefix(limit).joined(separator: ", ")
    return phrases.count > limit ? "\(first) and \(phrases.count - limit) more" : first
  }

  /// The privileges without which definitions cannot be seen.
  ///
  /// - Returns: those that the account lacks; comparing the schema without them says nothing
  /// - Throws: `SchemaError` when no schema is selected, `DatabaseError`
  package func missingToCompare() async throws -> [String] {
    try await Grants.read(from: connection)
      .missing(["SELECT", "SHOW VIEW", "EXECUTE", "TRIGGER", "EVENT"], on: currentDatabase())
  }

  /// Compares the schema with this binary.
  ///
  /// Tables whose names start with `import_staging` belong to the importer and are not compared.
  ///
  /// - Returns: Every difference, in the order of the manifest, extra objects last.
  package func drift() async throws -> [Drift] {
    let inventory = try await Inventory.read(from: connection)
    var differences: [Drift] = []
    if try await !hasUsualTextDefaults() {
      let schema = try await currentDatabase()
      differences.append(Drift(kind: .changed, objectKind: "schema", name: schema))
    }
    for object in manifest.objects where object.kind != .migration {
      func add(_ kind: Drift.Kind, _ details: [String] = []) {
        differences.append(
          Drift(
            kind: kind, objectKind: object.kind.rawValue, name: object.name, details: details))
      }
      let recorded = inventory.recorded[object.path]
      if object.kind == .reference {
        if recorded == nil { add(.missing) }
        if let recorded, recorded.sourceChecksum != object.sourceChecksum { add(.outdated) }
        continue
      }
      guard let found = inventory.definitionChecksum(of: object) else {
        let key = Inventory.Key(kind: object.kind, name: object.name)
        add(inventory.hidden.contains(key) ? .hidden : .missing)
        continue
      }
      let details = object.kind == .table ? tableDifferences(of: object, in: inventory) : []
      guard let recorded else {
        add(.unrecorded, details)
        continue
      }
      if object.kind == .table {
        // The server's spelling of a definition may change; the shape of the table counts.
        if recorded.sourceChecksum != object.sourceChecksum {
          add(.outdated, details)
        } else if !details.isEmpty {
          add(.changed, details)
        }
        continue
      }
      if found != recorded.definitionChecksum { add(.changed) }
      if recorded.sourceChecksum != object.sourceChecksum { add(.outdated) }
    }
    let known = Set(manifest.objects.map { Inventory.Key(kind: $0.kind, name: $0.name) })
    let all = Set(inventory.found.keys).union(inventory.hidden)
    for key in all.sorted(by: { $0.name < $1.name })
    where !known.contains(key) && !key.name.hasPrefix("import_staging") {
      differences.append(
        Drift(
          kind: .extra, objectKind: key.kind.rawValue, name: key.name,
          details: key.name.hasPrefix(Deployment.restorePrefix)
            ? ["left by a restore that was interrupted: run payops restore --finish"] : []))
    }
    return differences
  }
}
