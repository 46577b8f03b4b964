/// Prints a ``DataTable`` in aligned columns for people.
package struct TableRenderer: Sendable {
  /// The columns of the terminal; nil to cut nothing.
  package var width: Int?
  /// Whether `…` and `–` can be shown.
  package var isUnicode = true
  /// The colours.
  package var style = Style(isOn: false)

  /// Makes a renderer.
  package init(width: Int? = nil, isUnicode: Bool = true, style: Style = Style(isOn: false)) {
    self.width = width
    self.isUnicode = isUnicode
    self.style = style
  }

  /// The least width to which a text column is cut.
  private static let narrowest = 6
  private static let gap = 2

  /// Renders a table: headings, then rows, numbers to the right, NULL as a dash.
  ///
  /// - Parameter table: the table
  /// - Returns: lines, each with its line end; trailing blanks removed
  package func render(_ table: DataTable) -> String {
    let null = isUnicode ? "–" : "-"
    let headings = table.columns.map { $0.name.printable }
    let cells = table.rows.map { row in row.map { $0?.printable ?? null } }
    let widths = fit(
      headings.indices.map { column in
        ([headings[column]] + cells.map { $0[column] }).map(\.displayWidth).max() ?? 0
      }, table.columns)
    var text = line(headings, widths, table.columns) { style.bold($0) }
    for row in cells { text += line(row, widths, table.columns) { $0 } }
    return text
  }

  private func line(
    _ cells: [String], _ widths: [Int], _ columns: [DataTable.Column],
    decorate: (String) -> String
  ) -> String {
    var text = ""
    for (index, cell) in cells.enumerated() {
      let cut = cell.truncated(toWidth: widths[index], mark: isUnicode ? "…" : "~")
      let padding = String(repeating: " ", count: max(0, widths[index] - cut.displayWidth))
      let isLast = index == cells.count - 1
      text += columns[index].isNumeric ? padding + decorate(cut) : decorate(cut)
      if !columns[index].isNumeric, !isLast { text += padding }
      if !isLast { text += String(repeating: " ", count: Self.gap) }
    }
    while text.last == " " { text.removeLast() }
    return text + "\n"
  }

  /// Narrows the widest text column repeatedly until the table fits.
  private func fit(_ natural: [Int], _ columns: [DataTable.Column]) -> [Int] {
    guard let width else { return natural }
    var widths = natural
    let gaps = Self.gap * max(0, widths.count - 1)
    while widths.reduce(gaps, +) > width {
      let texts = widths.indices.filter {
        !columns[$0].isNumeric && widths[$0] > Self.narrowest
      }
      guard let widest = texts.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
    }
    return widths
  }
}
