internal import PayopsCore

/// The text of a view as the server keeps it.
package enum ViewText {
  /// A definition whose names of a schema are replaced, outside of literals.
  ///
  /// The server writes the schema before every name once a view reads more than one schema, so the
  /// same view differs from schema to schema.
  ///
  /// - Parameters:
  ///   - schema: the schema to be replaced.
  ///   - definition: as the server writes it: names in backticks, literals in single quotes.
  ///   - prefix: its replacement: a name in backticks with a point, or nothing.
  /// - Returns: the definition.
  package static func replacing(schema: String, in definition: String, with prefix: String)
    -> String
  {
    let name = schema.split(separator: "`", omittingEmptySubsequences: false)
      .joined(separator: "``")
    let mark = "`\(name)`."
    guard definition.holds(mark) else { return definition }
    let parts = #/'(?:[^'\\]|\\.|'')*'|[^']+/#
    return definition.matches(of: parts).map { part in
      part.output.hasPrefix("'")
        ? String(part.output) : String(part.output).replacing(mark, with: prefix)
    }.joined()
  }
}
