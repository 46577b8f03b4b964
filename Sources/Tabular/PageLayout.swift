/// How a page for people is laid out.
package struct PageLayout: Sendable {
  /// Terminal columns available.
  package var width: Int
  /// Whether characters beyond ASCII can be shown.
  package var isUnicode: Bool
  /// The colours.
  package var style: Style
  /// Whether tables may be wider than the page.
  package var isWide = false
  /// Where tables say which columns they left out.
  package var omissions = Omissions()

  /// Describes a layout.
  package init(width: Int = 80, isUnicode: Bool = true, style: Style = Style(isOn: false)) {
    self.width = width
    self.isUnicode = isUnicode
    self.style = style
  }

  /// A table in this layout.
  package func render(_ table: DataTable) -> String {
    let page = TableRenderer(width: isWide ? nil : width, isUnicode: isUnicode, style: style)
      .page(table)
    omissions.add(page.leftOut)
    return page.text
  }
}
