/// The objects of the schema in the order of installation, as `sql/manifest` lists them.
package struct Manifest: Sendable {
  /// Every object; each uses only objects before it.
  package let objects: [SchemaObject]
  /// Earlier versions of tables, which a deployment recognises and migrates.
  let earlier: [SchemaObject]

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
  }

  /// The manifest that was built into this binary.
  package static func embedded() throws(SchemaError) -> Manifest {
    guard let text = EmbeddedFiles.byPath["sql/manifest"] else {
      throw SchemaError(code: .manifest, context: "sql/manifest is not part of this binary")
    }
    return try Manifest(text, files: EmbeddedFiles.byPath)
  }
}
