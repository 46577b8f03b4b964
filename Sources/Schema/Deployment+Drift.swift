import MariaDBClient

/// A difference between a schema and what this binary would deploy.
package struct Drift: Sendable, Equatable {
  /// Kind of difference.
  package enum Kind: String, Sendable {
    /// The object is not there.
    case missing
    /// The object is not the one that was deployed: somebody changed it by hand.
    case changed
    /// The object is there as deployed, by another version of payops.
    case outdated
    /// The object is there and no deployment recorded it.
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
}

extension Deployment {
  /// Compares the schema with this binary.
  ///
  /// Tables whose names start with `import_staging` are the importer's own and are not looked at.
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
      func add(_ kind: Drift.Kind) {
        differences.append(Drift(kind: kind, objectKind: object.kind.rawValue, name: object.name))
      }
      let recorded = inventory.recorded[object.path]
      if object.kind == .reference {
        if recorded == nil { add(.missing) }
        if let recorded, recorded.sourceChecksum != object.sourceChecksum { add(.outdated) }
        continue
      }
      guard let found = inventory.definitionChecksum(of: object) else {
        add(.missing)
        continue
      }
      guard let recorded else {
        add(.unrecorded)
        continue
      }
      if found != recorded.definitionChecksum { add(.changed) }
      if recorded.sourceChecksum != object.sourceChecksum { add(.outdated) }
    }
    let known = Set(manifest.objects.map { Inventory.Key(kind: $0.kind, name: $0.name) })
    for key in inventory.found.keys.sorted(by: { $0.name < $1.name })
    where !known.contains(key) && !key.name.hasPrefix("import_staging") {
      differences.append(Drift(kind: .extra, objectKind: key.kind.rawValue, name: key.name))
    }
    return differences
  }
}
