/// Horizontal bars from zero, one a row, the value at the end of each.
package struct BarChart: Chart {
  package static let kind = "bars"

  /// One bar.
  package struct Row: Sendable {
    let label: String
    let value: Double?
    let note: String?
    let tone: Tone

    /// - Parameters:
    ///   - value: its length; nil is drawn as a dash
    ///   - note: words behind the value, such as a share
    ///   - tone: normal bars have the colour of data
    package init(_ label: String, _ value: Double?, note: String? = nil, tone: Tone = .normal) {
      self.label = label
      self.value = value.flatMap { $0.isFinite ? $0 : nil }
      self.note = note
      self.tone = tone
    }
  }

  let title: String
  let rows: [Row]
  let quantity: Quantity

  package init(_ title: String, _ rows: [Row], quantity: Quantity = .count) {
    self.title = title
    self.rows = Array(rows.prefix(60))
    self.quantity = quantity
  }

  package var message: String {
    guard let most = rows.filter({ $0.value != nil }).max(by: { ($0.value ?? 0) < ($1.value ?? 0) })
    else {
      return "\(title): no data"
    }
    return
      "\(title): \(rows.count) \(rows.count == 1 ? "row" : "rows"), most \(most.label) with \(quantity.text(most.value))"
  }

  package func draw(width: Double) -> ChartMarks {
    guard !rows.isEmpty else { return nothing(width: width) }
    let isNarrow = width < 420
    let step = isNarrow ? 36.0 : 24.0
    var drawing = Drawing(width: width, height: Double(rows.count) * step + 2)
    let labelRoom = isNarrow ? 0 : rows.labelRoom(\.label, width: width)
    let noteRoom = rows.endRoom(\.note, size: 11, width: width)
    let endRoom = rows.endRoom({ quantity.text($0.value) }, size: 12, width: width) + noteRoom
    let values = rows.compactMap(\.value)
    let low = min(values.min() ?? 0, 0)
    let high = max(values.max() ?? 0, 0)
    let span = high / 2 - low / 2
    let left = labelRoom
    let room = max(width - left - endRoom, 20)
    func x(_ value: Double) -> Double {
      span > 0 ? left + (value / 2 - low / 2) / span * room : left
    }
    for (index, row) in rows.enumerated() {
      let top = Double(index) * step
      let bar = isNarrow ? top + 18 : top + 5
      if isNarrow {
        drawing.text(row.label, 0, top + 13, room: width, isLabel: true)
      } else {
        drawing.text(row.label, 0, top + 16, room: labelRoom - 10, isLabel: true)
      }
      let value = quantity.text(row.value)
      let words = "\(row.label): \(value)" + (row.note.map { ", \($0)" } ?? "")
      if let note = row.note {
        drawing.text(note, width, bar + 11, .muted, size: 11, anchor: .end, room: noteRoom)
      }
      if let length = row.value {
        let from = min(x(length), x(0))
        drawing.rect(
          from, bar, max(abs(x(length) - x(0)), 1), 13,
          row.tone == .normal ? .data : .tone(row.tone), radius: 1,
          title: words)
        drawing.text(value, max(x(length), x(0)) + 7, bar + 11)
      } else {
        drawing.text("–", left, bar + 11, .muted)
      }
    }
    if low < 0 { drawing.line(x(0), 0, x(0), drawing.height, .muted) }
    return ChartMarks(drawing)
  }
}

extension Array {
  /// The room for a text at the right of rows, at most a quarter of the width; 0 when none has one.
  func endRoom(_ text: (Element) -> String?, size: Double, width: Double) -> Double {
    let widest = compactMap(text).map { TextWidth.of($0, size: size) }.max() ?? 0
    return widest > 0 ? Swift.min(widest + 12, width * 0.25) : 0
  }

  /// The room for labels at the left of rows, at most a third of the width.
  func labelRoom(_ label: (Element) -> String, width: Double) -> Double {
    Swift.min((map { TextWidth.of(label($0), size: 12) }.max() ?? 0) + 14, width * 0.36)
  }
}
