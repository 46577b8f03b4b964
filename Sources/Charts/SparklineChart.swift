/// A series without axes, for the side of a figure: its course, and where it ends.
package struct SparklineChart: Chart {
  package static let kind = "sparkline"

  /// The values in order of time; nil is a gap.
  let values: [Double?]
  let quantity: Quantity
  let name: String
  let tone: Tone

  /// - Parameters:
  ///   - name: what the series is, for the message
  ///   - tone: the tone of the last value
  package init(
    _ name: String, _ values: [Double?], quantity: Quantity = .number, tone: Tone = .normal
  ) {
    self.name = name
    self.values = values.suffix(400).map { $0.flatMap { $0.isFinite ? $0 : nil } }
    self.quantity = quantity
    self.tone = tone
  }

  package var message: String {
    let known = values.compactMap { $0 }
    guard let low = known.min(), let high = known.max() else { return "\(name): no values" }
    return
      "\(name): last \(quantity.text(values.last ?? nil)), between \(quantity.text(low)) and \(quantity.text(high)) over \(values.count) values"
  }

  package func draw(width: Double) -> ChartMarks {
    let height = 28.0
    var drawing = Drawing(width: width, height: height)
    let known = values.compactMap { $0 }
    guard let low = known.min(), let high = known.max() else {
      return nothing(width: width, height: height, "–")
    }
    let step = values.count > 1 ? (width - 6) / Double(values.count - 1) : 0
    func point(_ index: Int, _ value: Double) -> (x: Double, y: Double) {
      let share = high > low ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0.5
      return (3 + Double(index) * step, height - 4 - share * (height - 8))
    }
    var run: [(x: Double, y: Double)] = []
    func finish(_ run: [(x: Double, y: Double)], into drawing: inout Drawing) {
      if run.count > 1 {
        drawing.path(run, .muted, lineWidth: 1.25)
      } else if let only = run.first {
        drawing.circle(only.x, only.y, 1.25, fill: .muted)
      }
    }
    for (index, value) in values.enumerated() {
      if let value {
        run.append(point(index, value))
      } else {
        finish(run, into: &drawing)
        run = []
      }
    }
    finish(run, into: &drawing)
    if let last = values.last ?? nil {
      let end = point(values.count - 1, last)
      drawing.circle(end.x, end.y, 2.25, fill: tone.isNotable ? .tone(tone) : .data)
    }
    return ChartMarks(drawing)
  }
}
