/// A table with a second line under each row for the texts that fit into no column.
package struct DetailedTable: Sendable {
  /// The columns that can be compared from row to row.
  package let table: DataTable
  /// The second line of each row.
  package let details: [String]

  /// Makes a table with as many details as rows.
  package init(table: DataTable, details: [String]) {
    self.table = table
    self.details = details
  }

  /// Renders the table; nothing is wider than the layout.
  ///
  /// - Returns: lines, each with its line end
  package func render(_ layout: PageLayout) -> String {
    let lines = layout.render(table).split(separator: "\n", omittingEmptySubsequences: false)
    var text = lines[0] + "\n"
    for (line, detail) in zip(lines.dropFirst(), details) {
      let cut = detail.printable.truncated(
        toWidth: max(0, layout.width - 2), mark: layout.isUnicode ? "…" : "~")
      text += "\(line)\n  \(cut)\n"
    }
    return String(text)
  }
}
