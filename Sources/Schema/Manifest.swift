/// The objects of the schema in the order of installation, as `sql/manifest` lists them.
package struct Manifest: Sendable {
  /// Every object; each uses only objects before it.
  package let objects: [SchemaObject]
  /// Earlier versions of tables, which a deployment recognises and migrates.
  let earlier: [SchemaObject]
  /// What other servers have in place of an object, by its path.
  private let replacements: [String: [SchemaObject]]

  /// Reads a manifest.
  ///
  /// - Parameters:
  ///   - text: Lines of paths; blank lines and lines that start with `#` are ignored.
  ///   - files: Text of each file by its path. Those below `sql/earlier` need not be listed.
  /// - Throws: `SchemaError` when a path has no file, is listed twice or is in no known folder.
  package init(_ text: String, files: [String: String]) throws(SchemaError) {
    var objects: [SchemaObject] = []
    var seen: Set<String> = []
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let path = String(line)
      guard seen.insert(path).inserted else {
        throw SchemaError(code: .manifest, context: "\(path) is listed twice")
      }
      guard let source = files[path] else {
        throw SchemaError(code: .manifest, context: "\(path) is listed but there is no such file")
      }
      guard let object = SchemaObject(path: path, source: source) else {
        throw SchemaError(code: .manifest, context: "\(path) lies in no known folder")
      }
      objects.append(object)
    }
    self.objects = objects
    earlier = files.keys.filter { $0.hasPrefix("sql/earlier/") }.sorted()
      .compactMap { SchemaObject(path: $0, source: files[$0] ?? "") }
    replacements = Self.places.mapValues { paths in
      paths.compactMap { path in files[path].flatMap { SchemaObject(path: path, source: $0) } }
    }
  }

  /// Files for MySQL by the path of the file that they replace.
  private static let places = [
    "sql/tables/bulk_loads.sql": [
      "sql/mysql/tables/bulk_loads.sql", "sql/mysql/functions/next_bulk_load.sql",
      "sql/mysql/functions/has_open_transaction.sql",
    ]
  ]

  private init(_ objects: [SchemaObject], earlier: [SchemaObject]) {
    self.objects = objects
    self.earlier = earlier
    replacements = [:]
  }

  /// The manifest with the objects of a server's dialect.
  package func written(in dialect: Dialect) -> Manifest {
    guard dialect == .mySQL else { return self }
    let all = objects.flatMap { replacements[$0.path] ?? [$0] }
    return Manifest(
      all.map { $0.written(in: dialect) }, earlier: earlier.map { $0.written(in: dialect) })
  }

  /// The manifest that was built into this binary.
  package static func embedded() throws(SchemaError) -> Manifest {
    guard let text = EmbeddedFiles.byPath["sql/manifest"] else {
      throw SchemaError(code: .manifest, context: "sql/manifest is not part of this binary")
    }
    return try Manifest(text, files: EmbeddedFiles.byPath)
  }
}
