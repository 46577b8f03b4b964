import MariaDBClient

extension Deployment {
  /// Which version of its file a table is.
  enum TableVersion {
    /// The one of this binary.
    case present
    /// An earlier one, by its checksum.
    case earlier(String)
    /// The one of this binary, altered by hand: drift to report, since nothing here could undo it
    /// safely.
    case altered
    /// An unknown one, and how it differs from the one of this binary.
    case unknown([String])
  }

  /// Determines the version of an existing table.
  ///
  /// The shape of the table decides, not its record: a schema that the plain client installed has
  /// no records, and an older program recorded tables that it found as if it had created them. Only
  /// an interrupted migration is recognised by its record: the shape may be complete while rows are
  /// not.
  func version(
    of object: SchemaObject, in inventory: Inventory, by migrations: [Migration]
  ) -> TableVersion {
    let differences = tableDifferences(of: object, in: inventory)
    let recorded = inventory.recorded[object.path]?.sourceChecksum
    guard !differences.isEmpty else {
      guard let recorded, recorded != object.sourceChecksum,
        Migration.path(of: object.name, from: recorded, to: object.sourceChecksum, in: migrations)
          != nil
      else { return .present }
      return .earlier(recorded)
    }
    let known = manifest.earlier.filter { $0.name == object.name }
    let shape = inventory.shapes[object.name]
    if let recorded, recorded != object.sourceChecksum,
      known.contains(where: { $0.sourceChecksum == recorded && $0.shape == shape })
    {
      return .earlier(recorded)
    }
    if let same = known.first(where: { $0.shape == shape }) { return .earlier(same.sourceChecksum) }
    guard let recorded else { return .unknown(differences) }
    return recorded == object.sourceChecksum ? .altered : .earlier(recorded)
  }

  /// The migrations of the manifest.
  func migrations() throws(SchemaError) -> [Migration] {
    var migrations: [Migration] = []
    for object in manifest.objects where object.kind == .migration {
      migrations.append(try Migration(object))
    }
    return migrations
  }

  /// The steps that drop tables that left the manifest, where a migration to `none` says so.
  func dropsOfEarlierTables(in inventory: Inventory, by migrations: [Migration]) -> [Step] {
    let present = Set(manifest.objects.filter { $0.kind == .table }.map(\.name))
    return manifest.earlier.compactMap { old in
      guard !present.contains(old.name), let shape = inventory.shapes[old.name],
        shape == old.shape,
        let path = Migration.path(
          of: old.name, from: old.sourceChecksum, to: "none", in: migrations)
      else { return nil }
      return Step(
        action: .drop, path: "sql/tables/\(old.name).sql",
        statements: path.flatMap(\.object.statements))
    }
  }

  /// Refuses a schema with objects that is not one of payops, and foreign tables in a schema
  /// without a recorded deployment.
  func refuseForeignTables(in inventory: Inventory) throws(SchemaError) {
    guard !inventory.found.isEmpty else { return }
    let record = manifest.objects.first { $0.name == "deployed_objects" }
    func names(_ isForeign: (Inventory.Key) -> Bool) -> [String] {
      inventory.found.keys.filter(isForeign).map { "\($0.kind.rawValue) \($0.name)" }.sorted()
    }
    guard let record, inventory.shapes[record.name] == record.shape else {
      throw SchemaError(
        code: .foreignTables,
        context: "the schema is not one of payops: it holds "
          + Deployment.list(names { _ in true }, limit: 12))
    }
    guard inventory.recorded.isEmpty else { return }
    let known = Set((manifest.objects + manifest.earlier).map(\.name))
    let foreign = names {
      $0.kind == .table && !known.contains($0.name) && !$0.name.hasPrefix("import_staging")
    }
    guard foreign.isEmpty else {
      throw SchemaError(
        code: .foreignTables,
        context: "the schema holds tables that are not of payops: "
          + Deployment.list(foreign, limit: 12))
    }
  }

  /// Refuses tables that no migration brings to the present version.
  func refuse(_ unknown: [(name: String, error: String, isForeign: Bool)]) throws(SchemaError) {
    let foreign = unknown.filter(\.isForeign)
    guard foreign.isEmpty else {
      throw SchemaError(
        code: .foreignTables,
        context: "tables that are not of payops, or of a version that it does not know, have names"
          + " that it needs: " + Deployment.list(foreign.map(\.error), limit: 12))
    }
    guard unknown.isEmpty else {
      throw SchemaError(
        code: .tableChanged, context: Deployment.list(unknown.map(\.error), limit: 12))
    }
  }
}
