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
    noteOmissions()
  }

  /// Writes a table as a page for people, or in the other form asked for. Columns that are chosen,
  /// and one per line, are always of the table itself.
  ///
  /// - Parameters:
  ///   - table: the table
  ///   - format: the form; nil for a page, or JSON with `--json`
  ///   - empty: why there may be no rows
  ///   - page: the page
  package func write(
    _ table: DataTable, as format: OutputFormat?, empty: String? = nil,
    page: @autoclosure () throws -> String
  ) throws {
    if !isJSON, format ?? .table == .table, choice.isUsual, !table.rows.isEmpty {
      try write(page())
      noteOmissions()
    } else {
      try write(table, as: format, empty: empty)
    }
  }

  /// Writes a table of findings; nothing for people if it is empty.
  ///
  /// - Parameters:
  ///   - findings: the table
  ///   - format: the form; nil for a table, or JSON with `--json`
  package func writeFindings(_ findings: DataTable, as format: OutputFormat?) throws {
    guard !findings.rows.isEmpty || isJSON || format ?? .table != .table else { return }
    try write(findings, as: format)
  }
}
