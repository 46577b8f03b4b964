/// Values against their targets, a bar with a mark each. Shares may start above zero, which the
/// axis then says.
package struct BulletChart: Chart {
  package static let kind = "bullets"

  /// One value.
  package struct Row: Sendable {
    let label: String
    let value: Double?
    let target: Double?
    let note: String?
    let tone: Tone

    /// - Parameters:
    ///   - target: where the value should be
    ///   - note: words at the end of the line, such as the counts behind a share
    ///   - tone: how the value stands against the target
    package init(
      _ label: String, _ value: Double?, target: Double?, note: String? = nil, tone: Tone = .normal
    ) {
      self.label = label
      self.value = value.flatMap { $0.isFinite ? $0 : nil }
      self.target = target.flatMap { $0.isFinite ? $0 : nil }
      self.note = note
      self.tone = tone
    }
  }

  let title: String
  let rows: [Row]
  let quantity: Quantity

  package init(_ title: String, _ rows: [Row], quantity: Quantity = .ratio) {
    self.title = title
    self.rows = Array(rows.prefix(40))
    self.quantity = quantity
  }

  package var message: String {
    guard !rows.isEmpty else { return "\(title): no data" }
    return "\(title): "
      + rows.map { row in
        row.label + " " + quantity.text(row.value)
          + (row.target.map { " against a target of \(quantity.text($0))" } ?? "")
          + (row.tone.isNotable ? ", \(row.tone.word)" : "")
      }.joined(separator: "; ")
  }

  package func draw(width: Double) -> ChartMarks {
    guard !rows.isEmpty else { return nothing(width: width) }
    let isNarrow = width < 420
    let step = isNarrow ? 38.0 : 26.0
    let values = rows.flatMap { [$0.value, $0.target] }.compactMap { $0 }
    let (low, high) = range(values)
    var drawing = Drawing(width: width, height: Double(rows.count) * step + 20)
    let labelRoom = isNarrow ? 0 : rows.labelRoom(\.label, width: width)
    let noteRoom = rows.endRoom(\.note, size: 11, width: width)
    let valueRoom = rows.endRoom({ quantity.text($0.value) }, size: 12, width: width) + 20
    let room = max(width - labelRoom - noteRoom - valueRoom, 40)
    func x(_ value: Double) -> Double {
      high > low
        ? labelRoom + min(max((value / 2 - low / 2) / (high / 2 - low / 2), 0), 1) * room
        : labelRoom
    }
    for (index, row) in rows.enumerated() {
      let top = Double(index) * step
      let bar = isNarrow ? top + 18 : top + 5
      drawing.text(
        row.label, 0, isNarrow ? top + 13 : top + 16, room: isNarrow ? width : labelRoom - 10,
        isLabel: true)
      drawing.rect(labelRoom, bar, room, 13, .surface, radius: 1)
      if let value = row.value {
        drawing.rect(
          labelRoom, bar + 3, max(x(value) - labelRoom, 1), 7,
          row.tone.isNotable ? .tone(row.tone) : .data,
          title: "\(row.label): \(quantity.text(value))" + (row.note.map { ", \($0)" } ?? "")
            + (row.tone.isNotable ? ", \(row.tone.word)" : ""))
      }
      if let target = row.target {
        drawing.rect(
          x(target) - 1, bar - 2, 2, 17, .text,
          title: "\(row.label): target \(quantity.text(target))")
      }
      let end = labelRoom + room + 8
      drawing.shape(row.tone.isNotable ? row.tone : .normal, end + 5, bar + 7, size: 9)
      drawing.text(
        quantity.text(row.value), width - noteRoom, bar + 11,
        row.tone.isNotable ? .tone(row.tone) : .text, anchor: .end, room: valueRoom - 16)
      if let note = row.note {
        drawing.text(note, width, bar + 11, .muted, size: 11, anchor: .end, room: noteRoom - 6)
      }
    }
    let foot = Double(rows.count) * step + 13
    let from = quantity.text(low) + (low > 0 ? " (not 0)" : "")
    drawing.text(from, labelRoom, foot, .muted, size: 10, room: room * 0.6)
    drawing.text(
      quantity.text(high), labelRoom + room, foot, .muted, size: 10, anchor: .end, room: room * 0.4)
    return ChartMarks(drawing)
  }

  private func range(_ values: [Double]) -> (Double, Double) {
    let least = values.min() ?? 0
    let most = max(values.max() ?? 1, 0)
    guard quantity == .ratio else { return (min(least, 0), most) }
    guard least >= 0.5 else { return (min(least, 0), max(most, 1)) }
    // Shares near 1 differ by points: from the ten percent below the least.
    let tenths = (least * 10).rounded(.down)
    return (max((tenths == least * 10 ? tenths - 1 : tenths) / 10, 0), max(most, 1))
  }
}
