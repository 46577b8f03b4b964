/// How a page for people is laid out.
package struct PageLayout: Sendable, Equatable {
  /// Terminal columns available.
  package var width: Int
  /// Whether characters beyond ASCII can be shown.
  package var isUnicode: Bool
  /// The colours.
  package var style: Style

  /// Describes a layout.
  package init(width: Int = 80, isUnicode: Bool = true, style: Style = Style(isOn: false)) {
    self.width = width
    self.isUnicode = isUnicode
    self.style = style
  }

  /// A table in this layout.
  package func render(_ table: DataTable) -> String {
    TableRenderer(width: width, isUnicode: isUnicode, style: style).render(table)
  }
}
