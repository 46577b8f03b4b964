import Tabular

/// A table with a second line under each row for the texts that fit into no column.
struct DetailedTable: Sendable {
  /// What can be compared from row to row.
  let table: DataTable
  /// The second line of each row.
  let details: [String]

  /// Renders the table; nothing is wider than the terminal, or than 80 columns without one.
  ///
  /// - Parameter console: the console, for its width, characters and colours
  /// - Returns: lines, each with its line end
  func render(for console: Console) -> String {
    let width = console.width ?? AlertsCommand.usualWidth
    let lines = TableRenderer(width: width, isUnicode: console.isUnicode, style: console.style)
      .render(table).split(separator: "\n", omittingEmptySubsequences: false)
    var text = lines[0] + "\n"
    for (line, detail) in zip(lines.dropFirst(), details) {
      let cut = detail.printable.truncated(
        toWidth: max(0, width - 2), mark: console.isUnicode ? "…" : "~")
      text += "\(line)\n  \(cut)\n"
    }
    return String(text)
  }
}
