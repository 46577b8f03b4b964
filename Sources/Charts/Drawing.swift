/// An SVG drawing in the making. Each mark is kept inside the view box, each number is finite, each
/// text is escaped, and nothing needs a script or a `style` attribute.
struct Drawing {
  /// Where a text stands relative to its point.
  enum Anchor: String {
    case start
    case middle
    case end
  }

  let width: Double
  let height: Double
  private(set) var marks = ""

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// A filled rectangle; what lies outside the view box is cut off.
  mutating func rect(
    _ x: Double, _ y: Double, _ w: Double, _ h: Double, _ paint: Paint, radius: Double = 0,
    title: String? = nil, more: String = ""
  ) {
    let left = inX(x)
    let top = inY(y)
    let right = inX(x + w)
    let bottom = inY(y + h)
    var attributes =
      "x=\"\(n(left))\" y=\"\(n(top))\" width=\"\(n(right - left))\" height=\"\(n(bottom - top))\""
    if radius > 0 { attributes += " rx=\"\(n(radius))\"" }
    add("rect", attributes + " " + fill(paint) + more, title)
  }

  /// A straight line.
  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ paint: Paint,
    width lineWidth: Double = 1,
    dash: String? = nil, title: String? = nil
  ) {
    var attributes =
      "x1=\"\(n(inX(x1)))\" y1=\"\(n(inY(y1)))\" x2=\"\(n(inX(x2)))\" y2=\"\(n(inY(y2)))\""
    attributes += " " + stroke(paint, lineWidth)
    if let dash { attributes += " stroke-dasharray=\"\(dash)\"" }
    add("line", attributes, title)
  }

  /// A circle, moved inward when it would cross the edge.
  mutating func circle(
    _ x: Double, _ y: Double, _ radius: Double, fill: Paint?, stroke line: Paint? = nil,
    lineWidth: Double = 1.5, opacity: Double = 1, title: String? = nil
  ) {
    let room = min(width, height) / 2
    let r = min(max(radius.isFinite ? radius : 0, 0), room - lineWidth)
    let reach = r + (line == nil ? 0 : lineWidth / 2)
    let cx = min(max(x.isFinite ? x : width / 2, reach), width - reach)
    let cy = min(max(y.isFinite ? y : height / 2, reach), height - reach)
    var classes: [String] = []
    var attributes =
      "cx=\"\(n(cx))\" cy=\"\(n(cy))\" r=\"\(n(r))\" fill=\"\(fill?.colour ?? "none")\""
    if let fill { classes.append(fill.cssClass) }
    if let line {
      classes.append("s-" + line.cssClass)
      attributes += " stroke=\"\(line.colour)\" stroke-width=\"\(n(lineWidth))\""
    }
    attributes += " class=\"\(classes.joined(separator: " "))\""
    if opacity < 1 { attributes += " fill-opacity=\"\(n(opacity))\"" }
    add("circle", attributes, title)
  }

  /// A polyline or, filled, a polygon through points.
  mutating func path(
    _ points: [(x: Double, y: Double)], _ paint: Paint, lineWidth: Double? = 1.5,
    isClosed: Bool = false,
    opacity: Double = 1, title: String? = nil
  ) {
    guard let first = points.first else { return }
    var d = "M\(n(inX(first.x))) \(n(inY(first.y)))"
    for point in points.dropFirst() { d += "L\(n(inX(point.x))) \(n(inY(point.y)))" }
    if isClosed { d += "Z" }
    var attributes = "d=\"\(d)\" "
    attributes +=
      lineWidth.map { "fill=\"none\" " + stroke(paint, $0) + " stroke-linejoin=\"round\"" }
      ?? fill(paint)
    if opacity < 1 {
      attributes += " \(lineWidth == nil ? "fill" : "stroke")-opacity=\"\(n(opacity))\""
    }
    add("path", attributes, title)
  }

  /// A curve from one point to another, level at both ends.
  mutating func curve(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ paint: Paint, width lineWidth: Double,
    opacity: Double = 1, title: String? = nil
  ) {
    let (a, b, c, d) = (inX(x1), inY(y1), inX(x2), inY(y2))
    let middle = (a + c) / 2
    let way = "M\(n(a)) \(n(b))C\(n(middle)) \(n(b)) \(n(middle)) \(n(d)) \(n(c)) \(n(d))"
    add(
      "path",
      "d=\"\(way)\" fill=\"none\" " + stroke(paint, lineWidth)
        + (opacity < 1 ? " stroke-opacity=\"\(n(opacity))\"" : ""),
      title)
  }

  /// A line of text on a baseline, cut with an ellipsis where the room ends; the whole text is then
  /// its title.
  ///
  /// - Parameters:
  ///   - time: an instant as ISO 8601 and a form (`hm`, `dm`, `dhm`): the dashboard writes it in the
  ///     zone of the viewer
  ///   - isLabel: whether it names a row: the dashboard makes it a link where the row has one
  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ paint: Paint = .text, size: Double = 12,
    anchor: Anchor = .start,
    room: Double? = nil, isStrong: Bool = false, time: (instant: String, form: String)? = nil,
    isLabel: Bool = false
  ) {
    let at = inX(x)
    let reach =
      switch anchor {
      case .start: width - at
      case .end: at
      case .middle: 2 * min(at, width - at)
      }
    let shown = TextWidth.cut(text, to: min(room ?? reach, reach), size: size)
    guard !shown.isEmpty else { return }
    let line = min(max(y.isFinite ? y : size, size * 0.8), height - size * 0.22)
    var attributes =
      "x=\"\(n(at))\" y=\"\(n(line))\" class=\"\(paint.cssClass)\(isStrong ? " strong" : "")\" fill=\"\(paint.colour)\""
    if size != 12 { attributes += " font-size=\"\(n(size))\"" }
    if anchor != .start { attributes += " text-anchor=\"\(anchor.rawValue)\"" }
    if isStrong { attributes += " font-weight=\"600\"" }
    if let time {
      attributes += " data-time=\"\(XMLText.escaped(time.instant))\" data-form=\"\(time.form)\""
    }
    if isLabel { attributes += " data-label=\"\(XMLText.escaped(text))\"" }
    let title = shown == text ? "" : "<title>\(XMLText.escaped(text))</title>"
    marks += "<text \(attributes)>\(title)\(XMLText.escaped(shown))</text>\n"
  }

  /// The shape of a tone around a point: INFO a ring, WARNING a triangle, CRITICAL a diamond, SEVERE
  /// a square, good a tick, unknown a short bar; nothing for normal.
  mutating func shape(
    _ tone: Tone, _ x: Double, _ y: Double, size: Double = 10, title: String? = nil
  ) {
    let r = size / 2
    let paint = Paint.tone(tone)
    switch tone {
    case .normal: return
    case .good:
      path(
        [(x - r, y), (x - r / 3, y + r * 0.7), (x + r, y - r * 0.7)], paint, lineWidth: 2,
        title: title)
    case .unknown: line(x - r, y, x + r, y, paint, width: 2, title: title)
    case .info: circle(x, y, r * 0.8, fill: nil, stroke: paint, title: title)
    case .warning:
      path(
        [(x, y - r), (x + r, y + r * 0.8), (x - r, y + r * 0.8)], paint, isClosed: true,
        title: title)
    case .critical:
      path(
        [(x, y - r), (x + r, y), (x, y + r), (x - r, y)], paint, lineWidth: nil, isClosed: true,
        title: title)
    case .severe: rect(x - r * 0.85, y - r * 0.85, size * 0.85, size * 0.85, paint, title: title)
    }
  }

  /// Marks drawn elsewhere, such as the outlines of a map.
  mutating func raw(_ text: String) { marks += text }

  /// A number for an attribute: finite, two decimals at most.
  func n(_ value: Double) -> String { XMLText.number(value) }

  private func inX(_ x: Double) -> Double { x.isFinite ? min(max(x, 0), width) : 0 }

  private func inY(_ y: Double) -> Double { y.isFinite ? min(max(y, 0), height) : 0 }

  private func fill(_ paint: Paint) -> String {
    "class=\"\(paint.cssClass)\" fill=\"\(paint.colour)\""
  }

  private func stroke(_ paint: Paint, _ lineWidth: Double) -> String {
    "class=\"s-\(paint.cssClass)\" stroke=\"\(paint.colour)\" stroke-width=\"\(n(lineWidth))\""
  }

  private mutating func add(_ name: String, _ attributes: String, _ title: String?) {
    guard let title else {
      marks += "<\(name) \(attributes)/>\n"
      return
    }
    marks += "<\(name) \(attributes)><title>\(XMLText.escaped(title))</title></\(name)>\n"
  }
}
