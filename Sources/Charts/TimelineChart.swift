/// Rows of what happened when: runs of jobs, windows of hits, payments. What is normal is grey; a
/// severity has its colour, its height and its word at the end of the row.
package struct TimelineChart: Chart {
  package static let kind = "timeline"

  /// Something that took a while, or a moment of it.
  package struct Span: Sendable {
    let from: Double
    let to: Double
    let tone: Tone
    let title: String

    /// - Parameters:
    ///   - from: seconds since 1970
    ///   - to: seconds since 1970; the same for a moment
    ///   - title: what it is, with its figures
    package init(from: Double, to: Double, tone: Tone = .normal, title: String) {
      self.from = from.isFinite ? from : 0
      self.to = to.isFinite ? max(to, self.from) : self.from
      self.tone = tone
      self.title = title
    }
  }

  /// One row.
  package struct Row: Sendable {
    let label: String
    let spans: [Span]
    let note: String

    /// - Parameter note: words at the end of the row
    package init(_ label: String, _ spans: [Span], note: String = "") {
      self.label = label
      self.spans = spans
      self.note = note
    }

    var worst: Tone { spans.map(\.tone).max() ?? .normal }

    var words: String { worst.isNotable ? "\(worst.word), \(note)" : note }
  }

  let title: String
  let rows: [Row]
  let from: Double
  let to: Double
  let emptyWords: String

  /// - Parameters:
  ///   - from: where the axis begins, seconds since 1970
  ///   - to: where it ends
  ///   - emptyWords: words when there is no row
  package init(
    _ title: String, _ rows: [Row], from: Double, to: Double,
    emptyWords: String = "nothing happened"
  ) {
    self.title = title
    self.rows = Array(rows.prefix(40))
    self.from = from.isFinite ? min(max(from, -1e11), 1e11) : 0
    self.to = to.isFinite ? min(max(to, self.from + 1), 2e11) : self.from + 1
    self.emptyWords = emptyWords
  }

  package var message: String {
    guard !rows.isEmpty else { return "\(title): \(emptyWords)" }
    let notable = rows.filter(\.worst.isNotable)
    return "\(title): \(rows.count) \(rows.count == 1 ? "row" : "rows")"
      + (notable.isEmpty
        ? ", nothing out of order"
        : notable.prefix(5).map { "; \($0.label) \($0.words)" }.joined())
  }

  package func draw(width: Double) -> ChartMarks {
    guard !rows.isEmpty else { return nothing(width: width, emptyWords) }
    let isNarrow = width < 420
    let step = isNarrow ? 34.0 : 22.0
    let bottom = Double(rows.count) * step
    var drawing = Drawing(width: width, height: bottom + 20)
    let labelRoom = isNarrow ? 0 : rows.labelRoom(\.label, width: width * 0.75)
    let endRoom =
      isNarrow
      ? 0
      : min(
        (rows.map { TextWidth.of($0.words, size: 11) }.max() ?? 0) + 26, width * 0.34)
    let room = width - labelRoom - endRoom
    func x(_ second: Double) -> Double {
      labelRoom + min(max((second - from) / (to - from), 0), 1) * room
    }
    ticks(x: x, bottom: bottom, most: isNarrow ? 4 : 8, into: &drawing)
    for (index, row) in rows.enumerated() {
      let top = Double(index) * step
      let bar = isNarrow ? top + 18 : top + 5
      let tone = row.worst
      drawing.text(
        row.label, 0, isNarrow ? top + 13 : top + 15,
        room: isNarrow ? width * 0.52 : labelRoom - 10, isLabel: true)
      drawing.rect(labelRoom, bar + 5, room, 2, .surface)
      for span in row.spans.sorted(by: { $0.tone < $1.tone }) {
        let length = max(x(span.to) - x(span.from), 2)
        let left = min(x(span.from), labelRoom + room - length)
        let height = span.tone.isNotable ? 12.0 : 8.0
        drawing.rect(
          left, bar + 6 - height / 2, length, height, paint(span.tone), radius: 1,
          title: "\(row.label): \(span.title)")
      }
      let end = isNarrow ? width : labelRoom + room + 8
      let isRight = isNarrow
      if tone.isNotable {
        drawing.shape(tone, isRight ? width - 5 : end + 5, top + (isNarrow ? 9 : 11), size: 9)
      }
      let offset = tone.isNotable ? (isRight ? -14.0 : 15.0) : 0
      drawing.text(
        row.words, end + offset, isNarrow ? top + 13 : top + 15,
        tone.isNotable ? .tone(tone) : .muted, size: 11, anchor: isRight ? .end : .start,
        room: isRight ? width * 0.44 : nil)
    }
    return ChartMarks(drawing)
  }

  private func paint(_ tone: Tone) -> Paint {
    switch tone {
    case .normal, .good: .step(2)
    default: .tone(tone)
    }
  }

  /// Whole hours or days, as many as have room.
  private func ticks(
    x: (Double) -> Double, bottom: Double, most: Int, into drawing: inout Drawing
  ) {
    let day = 86_400
    let steps =
      [900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 43_200]
      + [1, 2, 3, 7, 14, 28, 56, 112, 365, 1_460].map { $0 * day }
    let (begin, end) = (Int(from), Int(to))
    guard let step = steps.first(where: { (end - begin) / $0 <= most }) else { return }
    let first = (begin + step - 1) / step * step
    for second in stride(from: first, through: end, by: step) {
      let at = x(Double(second))
      let instant = CalendarText.instant(second)
      let text =
        step < day ? String(instant.dropFirst(11).prefix(5)) : String(instant.dropFirst(5).prefix(5))
      let half = TextWidth.of(text, size: 10) / 2 + 4
      drawing.line(at, 0, at, bottom, .line)
      drawing.text(
        text, at, drawing.height - 4, .muted, size: 10,
        anchor: at + half > drawing.width ? .end : at < half ? .start : .middle,
        time: (instant, step < day ? "hm" : "dm"))
    }
  }
}
