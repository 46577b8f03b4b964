/// The parts of one whole in one bar, each with its count and share below: ages of a backlog, parts
/// of an exposure, contributions to a score.
package struct StackChart: Chart {
  package static let kind = "stack"

  /// One part.
  package struct Part: Sendable {
    let label: String
    let value: Double?
    let tone: Tone

    /// - Parameter tone: a part that is no worse than others is normal, and takes its step of the
    ///   data colour by its place
    package init(_ label: String, _ value: Double?, tone: Tone = .normal) {
      self.label = label
      self.value = value.flatMap { $0.isFinite ? $0 : nil }
      self.tone = tone
    }

    var drawn: Double { max(value ?? 0, 0) }
  }

  let title: String
  let parts: [Part]
  let quantity: Quantity

  package init(_ title: String, _ parts: [Part], quantity: Quantity = .count) {
    self.title = title
    self.parts = Array(parts.prefix(12))
    self.quantity = quantity
  }

  package var message: String {
    guard !parts.isEmpty else { return "\(title): no data" }
    return "\(title): "
      + parts.map { "\($0.label) \(quantity.text($0.value))" }.joined(separator: ", ")
  }

  package func draw(width: Double) -> ChartMarks {
    guard !parts.isEmpty else { return nothing(width: width) }
    let columns = max(1, min(parts.count, Int(width / 84)))
    let lines = (parts.count + columns - 1) / columns
    var drawing = Drawing(width: width, height: 26 + Double(lines) * 38)
    // Scaled first, since a sum of huge values is infinite.
    let most = parts.map(\.drawn).max() ?? 0
    let total = most > 0 ? parts.reduce(0) { $0 + $1.drawn / most } : 0
    var x = 0.0
    drawing.rect(0, 0, width, 16, .surface, radius: 2)
    for (index, part) in parts.enumerated() where total > 0 && part.drawn > 0 {
      let length = part.drawn / most / total * width
      drawing.rect(
        x, 0, max(length - 1, 0.75), 16, paint(index, part),
        title: "\(part.label): \(quantity.text(part.value))")
      x += length
    }
    for (index, part) in parts.enumerated() {
      let left = Double(index % columns) * width / Double(columns)
      let top = 26 + Double(index / columns) * 38
      let room = width / Double(columns) - 6
      if part.tone.isNotable {
        drawing.shape(part.tone, left + 5, top + 7, size: 9)
      } else {
        drawing.rect(left, top + 3, 9, 9, paint(index, part), radius: 1)
      }
      drawing.text(part.label, left + 14, top + 11, .muted, size: 11, room: room - 14)
      let share = total > 0 ? part.drawn / most / total : 0
      let value = quantity.text(part.value)
      drawing.text(value, left + 14, top + 27, size: 13, room: room - 14, isStrong: true)
      let end = left + 14 + TextWidth.of(value, size: 13) + 8
      if left + room - end > 36, total > 0, part.value != nil {
        drawing.text(
          (share > 0 && share < 0.005 ? "<\u{202F}1" : Quantity.decimals(share * 100, 0))
            + "\u{202F}%", end, top + 27, .muted, size: 11)
      }
    }
    return ChartMarks(drawing)
  }

  private func paint(_ index: Int, _ part: Part) -> Paint {
    if part.tone != .normal { return .tone(part.tone) }
    let step =
      parts.count < 2 ? 5 : Int((Double(index) * 4 / Double(parts.count - 1)).rounded()) + 1
    return .step(step)
  }
}
