/// Prints a ``DataTable`` in aligned columns for people.
package struct TableRenderer: Sendable {
  /// A table as text.
  package struct Page: Sendable, Equatable {
    /// Lines, each with its line end, without blanks at their ends.
    package let text: String
    /// The columns that did not fit.
    package let leftOut: [String]
  }

  /// The columns of the terminal; nil to leave nothing out and cut nothing.
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

  /// What stands for NULL.
  private var null: String { isUnicode ? "–" : "-" }

  /// Renders a table: headings, then rows, numbers to the right, NULL as a dash.
  ///
  /// No line is wider than the terminal. What does not fit is cut if it is free text, otherwise
  /// left out by whole columns; a table whose first column alone does not fit is printed line by line.
  package func page(_ table: DataTable) -> Page {
    let headings = table.columns.map { $0.measure.heading($0.name).printable }
    let cells = shown(table)
    let layout = TableLayout(
      headings: headings.map(\.displayWidth),
      cells: headings.indices.map { column in cells.map { $0[column].displayWidth }.max() ?? 0 },
      roles: table.columns.map(\.role), width: width)
    guard !layout.isTooNarrow else { return Page(text: vertical(table), leftOut: []) }
    var text = line(headings, layout, table.columns) { style.bold($0) }
    for row in cells { text += line(row, layout, table.columns) { $0 } }
    let shown = Set(layout.shown)
    return Page(
      text: text,
      leftOut: table.columns.indices.filter { !shown.contains($0) }.map { table.columns[$0].name })
  }

  /// Renders a table; what is left out is not named.
  package func render(_ table: DataTable) -> String { page(table).text }

  /// Renders a table with each value on a line of its own, and an empty line between rows. Long
  /// values continue on further lines.
  package func vertical(_ table: DataTable) -> String {
    let headings = table.columns.map { $0.measure.heading($0.name).printable }
    let room = width.map { max(1, $0) } ?? .max
    let label = min(headings.map(\.displayWidth).max() ?? 0, room / 2)
    return shown(table).map { row in
      zip(headings, row).map { heading, cell in
        let blanks = label + TableLayout.gap - heading.displayWidth
        // A name that leaves too little room stands on a line of its own.
        guard blanks >= TableLayout.gap, label + TableLayout.gap < room else {
          return Self.pieces(heading, room).map { style.bold($0) + "\n" }.joined()
            + Self.pieces(cell, max(1, room - 2)).map { ("  " + $0).withoutFinalBlanks + "\n" }
            .joined()
        }
        let indent = String(repeating: " ", count: label + TableLayout.gap)
        let lines = Self.pieces(cell, room - label - TableLayout.gap)
        return style.bold(heading)
          + (String(repeating: " ", count: blanks) + lines.joined(separator: "\n" + indent))
          .withoutFinalBlanks + "\n"
      }.joined()
    }.joined(separator: "\n")
  }

  private func shown(_ table: DataTable) -> [[String]] {
    let places = Dictionary(
      table.columns.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    return table.rows.map { row in
      zip(row, table.columns).map { cell, column in
        guard let cell else { return null }
        return column.measure.shown(cell) { name in places[name].flatMap { row[$0] } }.printable
      }
    }
  }

  private func line(
    _ cells: [String], _ layout: TableLayout, _ columns: [DataTable.Column],
    decorate: (String) -> String
  ) -> String {
    var text = ""
    for (index, place) in layout.shown.enumerated() {
      let cut = cells[place].cut(toWidth: layout.widths[index], mark: isUnicode ? "…" : "~")
      let padding = String(repeating: " ", count: max(0, layout.widths[index] - cut.displayWidth))
      let isLast = index == layout.shown.count - 1
      text += columns[place].isNumeric ? padding + decorate(cut) : decorate(cut)
      if !columns[place].isNumeric, !isLast { text += padding }
      if !isLast { text += String(repeating: " ", count: TableLayout.gap) }
    }
    return text.withoutFinalBlanks + "\n"
  }

  /// A text in pieces of at most a width.
  private static func pieces(_ text: String, _ width: Int) -> [String] {
    guard text.displayWidth > width else { return [text] }
    var pieces = [""]
    var used = 0
    for character in text {
      if used + character.displayWidth > width, !pieces[pieces.count - 1].isEmpty {
        pieces.append("")
        used = 0
      }
      pieces[pieces.count - 1].append(character)
      used += character.displayWidth
    }
    return pieces
  }
}
