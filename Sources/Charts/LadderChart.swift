/// How long each departure lasts, beside the minutes after which it is INFO, WARNING, CRITICAL and
/// SEVERE: what was reached, and how long until the next.
package struct LadderChart: Chart {
  package static let kind = "ladder"

  /// One departure.
  package struct Row: Sendable {
    let label: String
    let minutes: Double
    let rungs: [(minutes: Double, tone: Tone)]
    let raised: Tone
    let note: String?

    /// - Parameters:
    ///   - minutes: how long it lasts
    ///   - rungs: after how many minutes it has which severity
    ///   - raised: the severity of its alert, which strong evidence raises sooner
    ///   - note: words instead of those that are made from the others
    package init(
      _ label: String, minutes: Double, rungs: [(minutes: Double, tone: Tone)],
      raised: Tone = .normal, note: String? = nil
    ) {
      self.label = label
      self.minutes = minutes.isFinite ? min(max(minutes, 0), 1e9) : 0
      self.rungs = rungs.filter { $0.minutes.isFinite && $0.minutes > 0 && $0.minutes < 1e9 }
        .prefix(6).sorted { $0.minutes < $1.minutes }
      self.raised = raised
      self.note = note
    }

    /// The first severity that is not reached yet.
    var next: (minutes: Double, tone: Tone)? {
      rungs.first { $0.minutes > minutes && $0.tone > raised }
    }

    var words: String {
      if let note { return note }
      let now = raised.isNotable ? "\(raised.word), " : ""
      let last = Quantity.duration(minutes * 60)
      guard let next else { return now + last }
      return now + last + ", \(next.tone.word) in \(Quantity.duration((next.minutes - minutes) * 60))"
    }
  }

  let title: String
  let rows: [Row]

  package init(_ title: String, _ rows: [Row]) {
    self.title = title
    self.rows = Array(rows.prefix(30))
  }

  package var message: String {
    guard !rows.isEmpty else { return "\(title): nothing departs" }
    return "\(title): "
      + rows.prefix(6).map { "\($0.label) \($0.words)" }.joined(separator: "; ")
      + (rows.count > 6 ? "; and \(rows.count - 6) more" : "")
  }

  package func draw(width: Double) -> ChartMarks {
    guard !rows.isEmpty else { return nothing(width: width, "nothing departs") }
    let isNarrow = width < 420
    let step = isNarrow ? 38.0 : 24.0
    var drawing = Drawing(width: width, height: Double(rows.count) * step + 18)
    let labelRoom = isNarrow ? 0 : rows.labelRoom(\.label, width: width * 0.8)
    let endRoom = isNarrow ? 0 : rows.endRoom(\.words, size: 11, width: width * 1.5) + 16
    let left = labelRoom + 4
    let room = max(width - left - endRoom - 6, 20)
    // An outage of days would press the rungs together at the left: the axis ends at twice the last.
    let last = rows.flatMap { $0.rungs.map(\.minutes) }.max() ?? 60
    let end = min(max(last * 1.1, rows.map(\.minutes).max() ?? 0), last * 2)
    func x(_ minutes: Double) -> Double { left + min(minutes / end, 1) * room }
    for (index, row) in rows.enumerated() {
      let top = Double(index) * step
      let line = isNarrow ? top + 25 : top + 12
      let tone = max(row.raised, row.rungs.last { $0.minutes <= row.minutes }?.tone ?? .normal)
      drawing.text(
        row.label, 0, isNarrow ? top + 13 : top + 16, room: isNarrow ? width * 0.5 : labelRoom - 10,
        isLabel: true)
      drawing.rect(left, line - 2, room, 4, .surface)
      drawing.rect(
        left, line - 4, max(x(row.minutes) - left, 2), 8,
        tone.isNotable ? .tone(tone) : .step(3), radius: 1, title: "\(row.label): \(row.words)")
      for rung in row.rungs {
        let words = "\(row.label): \(rung.tone.word) after \(Quantity.duration(rung.minutes * 60))"
        drawing.line(
          x(rung.minutes), line - 7, x(rung.minutes), line + 7, .muted, title: words)
      }
      let (at, anchor) =
        isNarrow ? (width, Drawing.Anchor.end) : (left + room + 12, Drawing.Anchor.start)
      if row.raised.isNotable {
        drawing.shape(row.raised, isNarrow ? width - 5 : at + 5, top + (isNarrow ? 9 : 12), size: 9)
      }
      let offset = row.raised.isNotable ? (isNarrow ? -14.0 : 15.0) : 0
      drawing.text(
        row.words, at + offset, isNarrow ? top + 13 : top + 16,
        row.raised.isNotable ? .tone(row.raised) : .muted, size: 11, anchor: anchor,
        room: isNarrow ? width * 0.48 : nil)
    }
    names(x: x, into: &drawing)
    return ChartMarks(drawing)
  }

  /// The severities below, where all rows have the same minutes and there is room; else the minutes
  /// alone.
  private func names(x: (Double) -> Double, into drawing: inout Drawing) {
    let first = rows.first?.rungs ?? []
    let isShared = rows.allSatisfy { row in
      row.rungs.count == first.count
        && zip(row.rungs, first).allSatisfy { $0.minutes == $1.minutes && $0.tone == $1.tone }
    }
    let all = isShared ? first : rows.flatMap(\.rungs).sorted { $0.minutes < $1.minutes }
    func minutes(_ rung: (minutes: Double, tone: Tone)) -> String {
      Quantity.duration(rung.minutes * 60)
    }
    let named = all.map { (x($0.minutes), "\($0.tone.word) \(minutes($0))") }
    let isRoomy =
      isShared
      && zip(named, named.dropFirst()).allSatisfy { left, right in
        right.0 - left.0 > (TextWidth.of(left.1, size: 10) + TextWidth.of(right.1, size: 10)) / 2 + 6
      }
    var end = 0.0
    for (at, text) in isRoomy ? named : all.map({ (x($0.minutes), minutes($0)) }) {
      let half = TextWidth.of(text, size: 10) / 2
      let middle = min(max(at, half), drawing.width - half)
      guard middle - half >= end, half > 0 else { continue }
      drawing.text(text, middle, drawing.height - 4, .muted, size: 10, anchor: .middle)
      end = middle + half + 4
    }
  }
}
