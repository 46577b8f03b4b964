extension Console {
  /// Writes a result as text, or as JSON if asked for.
  ///
  /// - Parameters:
  ///   - text: the text with its line ends
  ///   - json: the same for programs
  package func write(
    _ text: @autoclosure () throws -> String, json: @autoclosure () throws -> JSON
  ) throws {
    try write(isJSON ? json().lines : text())
  }

  /// Writes a table as a page for people, or in the other form asked for.
  ///
  /// - Parameters:
  ///   - table: the table
  ///   - format: the form; nil for a page, or JSON with `--json`
  ///   - page: the page
  package func write(
    _ table: DataTable, as format: OutputFormat?, page: @autoclosure () throws -> String
  ) throws {
    if !isJSON, format ?? .table == .table {
      try write(page())
    } else {
      try write(table, as: format)
    }
  }

  /// Writes a table of findings; nothing for people if it is empty.
  ///
  /// - Parameters:
  ///   - findings: the table
  ///   - format: the form; nil for a table, or JSON with `--json`
  package func writeFindings(_ findings: DataTable, as format: OutputFormat?) throws {
    guard !findings.rows.isEmpty || isJSON || format != nil else { return }
    try write(findings, as: format)
  }
}
