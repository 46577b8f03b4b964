/// A drawing that says one thing. Pages and reports draw the same charts.
package protocol Chart: Sendable {
  /// The kind, for the stylesheet: `bars`, `ribbon`.
  static var kind: String { get }
  /// What the drawing says, as one sentence with its figures.
  var message: String { get }
  /// The marks.
  ///
  /// - Parameter width: width of the view box, 200 or more; texts keep their size.
  func draw(width: Double) -> ChartMarks
}

/// The marks of a chart and the height they need.
package struct ChartMarks: Sendable {
  let height: Double
  let text: String

  init(_ drawing: Drawing) {
    height = drawing.height
    text = drawing.marks
  }
}

extension Chart {
  /// The chart as an SVG element that scales to the width it is given.
  ///
  /// Text does not shrink with the page when a narrow drawing is chosen for narrow places: 340 for a
  /// phone or a column, 640 otherwise.
  ///
  /// - Parameter width: width of the view box
  package func svg(width: Double = 640) -> String {
    let width = width.isFinite ? min(max(width, 80), 4_000) : 640
    let marks = draw(width: width)
    let message = XMLText.escaped(self.message)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" class="chart chart-\(Self.kind)" \
      viewBox="0 0 \(XMLText.number(width)) \(XMLText.number(marks.height))" role="img" \
      aria-label="\(message)" font-family="system-ui, sans-serif" font-size="12">
      <title>\(message)</title>
      \(marks.text)</svg>
      """
  }
}

extension Chart {
  /// The chart in the widths that the dashboard chooses from: for a phone, for half a page, and what
  /// else a block may have on other screens. The text has the same size in each.
  ///
  /// - Parameter more: widths beside 340 and 640
  /// - Returns: SVG by width of the view box
  package func drawings(more: [Int] = []) -> [Int: String] {
    Dictionary(
      ([340, 640] + more).map { ($0, svg(width: Double($0))) }, uniquingKeysWith: { one, _ in one })
  }

  /// What is drawn when there is nothing: one grey line of words.
  func nothing(width: Double, height: Double = 40, _ words: String = "no data") -> ChartMarks {
    var drawing = Drawing(width: width, height: height)
    drawing.text(words, 0, height / 2 + 4, .muted)
    return ChartMarks(drawing)
  }
}

extension Collection where Element == Double {
  /// The values that can be drawn.
  var finite: [Double] { filter(\.isFinite) }
}
