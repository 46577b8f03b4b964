/// Stacked columns over time: what came in and what went out, how much was open, of what a score is
/// made. Parts that go the other way hang below the line of zero.
package struct ColumnsChart: Chart {
  package static let kind = "columns"

  /// What one layer of the columns is.
  package struct Part: Sendable {
    let name: String
    let tone: Tone
    let isBelow: Bool

    /// - Parameters:
    ///   - tone: `normal` takes a step of the data colour by its place
    ///   - isBelow: whether it hangs below the line of zero
    package init(_ name: String, tone: Tone = .normal, isBelow: Bool = false) {
      self.name = name
      self.tone = tone
      self.isBelow = isBelow
    }
  }

  /// One column.
  package struct Column: Sendable {
    let label: String
    let instant: String?
    let values: [Double?]

    /// - Parameters:
    ///   - label: its time in UTC, for readers without the dashboard
    ///   - instant: its time as ISO 8601; nil for a column that is not of one time
    ///   - values: a value of 0 or more for each part; nil where nothing is known
    package init(_ label: String, instant: String?, _ values: [Double?]) {
      self.label = label
      self.instant = instant
      self.values = values.map { $0.flatMap { $0.isFinite ? max($0, 0) : nil } }
    }
  }

  let title: String
  let parts: [Part]
  let columns: [Column]
  let quantity: Quantity
  let timeForm: String
  let mark: (column: Int, text: String)?

  /// - Parameters:
  ///   - timeForm: how the dashboard writes the times: `hm`, `dm` or `dhm`
  ///   - mark: a column that a line and words point at, such as today
  package init(
    _ title: String, parts: [Part], _ columns: [Column], quantity: Quantity = .count,
    timeForm: String = "hm", mark: (column: Int, text: String)? = nil
  ) {
    self.title = title
    self.parts = Array(parts.prefix(7))
    self.columns = Array(columns.prefix(400))
    self.quantity = quantity
    self.timeForm = timeForm
    let places = 0..<columns.prefix(400).count
    self.mark = mark.flatMap { places.contains($0.column) ? $0 : nil }
  }

  package var message: String {
    guard hasValues, let most = columns.max(by: { sum($0) < sum($1) }) else {
      return "\(title): no data"
    }
    return "\(title): \(columns.count) columns, most at \(most.label) with "
      + parts.enumerated().map { "\($1.name) \(quantity.text(value(most, $0)))" }
      .joined(separator: ", ")
  }

  package func draw(width: Double) -> ChartMarks {
    guard hasValues else { return nothing(width: width) }
    let top = legendHeight(width) + 14
    let (above, below) = (columns.map { height($0, false) }, columns.map { height($0, true) })
    let (most, least) = (above.max() ?? 0, below.max() ?? 0)
    let room = 120.0
    // Scaled first, since a sum of huge values is infinite.
    let whole = max(most, least) > 0 ? most + least : 1
    let zero = top + room * (whole.isFinite ? most / whole : 0.5)
    var drawing = Drawing(width: width, height: top + room + 20)
    legend(width: width, into: &drawing)
    let axis =
      [most, least].map { TextWidth.of(quantity.text($0), size: 10) }.max().map {
        min($0 + 8, width * 0.3)
      } ?? 0
    func scaled(_ value: Double) -> Double { whole > 0 ? value / whole * room : 0 }
    for (value, y) in [(most, top), (least, top + room)] where value > 0 {
      drawing.line(axis, y, width, y, .line)
      drawing.text(quantity.text(value), axis - 6, y + 3.5, .muted, size: 10, anchor: .end)
    }
    // A few columns stay columns, and begin at the left.
    let step = min((width - axis) / Double(columns.count), 48)
    let gap = step > 4 ? 1.0 : 0.25
    for (index, column) in columns.enumerated() {
      let left = axis + Double(index) * step
      var (up, down) = (zero, zero)
      for (place, part) in parts.enumerated() {
        guard let value = value(column, place), value > 0 else { continue }
        let length = max(scaled(value), 0.5)
        let y = part.isBelow ? down : up - length
        drawing.rect(
          left, y, max(step - gap, 0.5), length, paint(place),
          title: "\(column.label): \(part.name) \(quantity.text(value))")
        if part.isBelow { down += length } else { up -= length }
      }
    }
    drawing.line(axis, zero, width, zero, .muted)
    times(axis: axis, step: step, y: top + room + 14, into: &drawing)
    if let mark {
      let x = axis + (Double(mark.column) + 0.5) * step
      drawing.line(x, top - 4, x, top + room, .text, dash: "2 3")
      let isRight = x + TextWidth.of(mark.text, size: 10) + 6 > width
      drawing.text(
        mark.text, isRight ? x - 3 : x + 3, top + 4, .muted, size: 10,
        anchor: isRight ? .end : .start)
    }
    return ChartMarks(drawing)
  }

  private var hasValues: Bool {
    columns.contains { column in column.values.prefix(parts.count).contains { $0 != nil } }
  }

  private func value(_ column: Column, _ place: Int) -> Double? {
    column.values.indices.contains(place) ? column.values[place] : nil
  }

  private func height(_ column: Column, _ isBelow: Bool) -> Double {
    parts.indices.reduce(0) {
      $0 + (parts[$1].isBelow == isBelow ? value(column, $1) ?? 0 : 0)
    }
  }

  private func sum(_ column: Column) -> Double { height(column, false) + height(column, true) }

  /// The first part is the strongest step, each further one fainter.
  private func paint(_ place: Int) -> Paint {
    if parts[place].tone != .normal { return .tone(parts[place].tone) }
    return .step(
      parts.count < 2 ? 4 : 5 - Int((Double(place) * 4 / Double(parts.count - 1)).rounded()))
  }
}

extension ColumnsChart {
  private func places(_ width: Double) -> [(x: Double, line: Int)] {
    var (x, line) = (0.0, 0)
    return parts.map { part in
      let room = TextWidth.of(part.name, size: 11) + 32
      if x > 0, x + room > width { (x, line) = (0, line + 1) }
      defer { x += room }
      return (x, line)
    }
  }

  private func legendHeight(_ width: Double) -> Double {
    parts.count < 2 ? 0 : Double((places(width).last?.line ?? 0) + 1) * 16
  }

  /// Each part's name beside its colour; a shape where the colour is a severity.
  private func legend(width: Double, into drawing: inout Drawing) {
    guard parts.count > 1 else { return }
    for (index, place) in places(width).enumerated() {
      let y = Double(place.line) * 16
      let tone = parts[index].tone
      if tone.isNotable {
        drawing.shape(tone, place.x + 5, y + 7, size: 9)
      } else {
        drawing.rect(place.x, y + 2, 9, 9, paint(index), radius: 1)
      }
      drawing.text(parts[index].name, place.x + 14, y + 11, .muted, size: 11)
    }
  }

  /// As many times as have room.
  private func times(axis: Double, step: Double, y: Double, into drawing: inout Drawing) {
    let widest = columns.map { TextWidth.of($0.label, size: 10) }.max() ?? 0
    let least = max(Int(((widest + 14) / step).rounded(.up)), 1)
    let every = [1, 2, 3, 4, 6, 7, 12, 14, 24, 28, 48].first { $0 >= least } ?? least
    for (index, column) in columns.enumerated() where index % every == 0 {
      let x = axis + (Double(index) + 0.5) * step
      let half = widest / 2
      guard x - half >= axis - 8, x + half <= drawing.width else { continue }
      drawing.text(
        column.label, x, y, .muted, size: 10, anchor: .middle, time: column.instant.map { ($0, timeForm) })
    }
  }
}
