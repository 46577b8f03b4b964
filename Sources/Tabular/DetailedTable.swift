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

  /// The most lines of a text below its row.
  private static let mostLines = 2

  /// Renders the table; nothing is wider than the layout. A text of more than two lines is cut.
  ///
  /// - Returns: lines, each with its line end
  package func render(_ layout: PageLayout) -> String {
    let lines = layout.render(table).split(separator: "\n", omittingEmptySubsequences: false)
    var text = lines[0] + "\n"
    for (line, detail) in zip(lines.dropFirst(), details) {
      text += line + "\n" + Self.lines(of: detail.printable, layout)
    }
    return String(text)
  }

  private static func lines(of detail: String, _ layout: PageLayout) -> String {
    guard !layout.isWide else { return "  \(detail)\n" }
    let lines = ("  " + detail.filled(indent: 2, width: layout.width)).split(separator: "\n")
    // A word may be longer than a line.
    let rest = lines.dropFirst(mostLines - 1).map { $0.drop { $0 == " " } }.joined(separator: " ")
    return (lines.prefix(mostLines - 1).map(String.init) + (rest.isEmpty ? [] : ["  " + rest]))
      .map { $0.cut(toWidth: layout.width, mark: layout.isUnicode ? "…" : "~") + "\n" }.joined()
  }
}
