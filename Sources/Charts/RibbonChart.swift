/// A row per series, time from left to right, and colour only where something is not normal: one
/// look says what departed, since when, and what else did at the same time.
package struct RibbonChart: Chart {
  package static let kind = "ribbon"

  /// One series.
  package struct Row: Sendable {
    let label: String
    let slots: [Tone]
    let note: String?
    let now: Tone

    /// - Parameters:
    ///   - slots: a tone for each slot of time, the same number for each row; `unknown` where nothing
    ///     is known
    ///   - note: words at the end of the row, such as how long it lasts; without, the words are made
    ///     from the slots
    package init(_ label: String, _ slots: [Tone], note: String? = nil) {
      self.label = label
      self.slots = slots
      self.note = note
      now = slots.last ?? .unknown
    }

    var worst: Tone { slots.max() ?? .normal }
  }

  /// A time below the rows.
  package struct Tick: Sendable {
    let share: Double
    let instant: String
    let label: String

    /// - Parameters:
    ///   - share: place between the first (0) and the end of the last slot (1)
    ///   - instant: ISO 8601 in UTC; the dashboard writes it in the zone of the viewer
    ///   - label: what is shown otherwise, in UTC
    package init(share: Double, instant: String, label: String) {
      self.share = share
      self.instant = instant
      self.label = label
    }
  }

  /// Ticks at whole hours of UTC, at most eight, or at midnights for longer times.
  ///
  /// - Parameters:
  ///   - from: start of the first slot, seconds since 1970
  ///   - to: end of the last slot
  package static func ticks(from: Int, to: Int) -> [Tick] {
    let steps = [900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 43_200, 86_400]
    let span = to - from
    guard span > 0, span < 40 * 86_400 else { return [] }
    let step = steps.first { span / $0 <= 8 } ?? ((span / 8 / 86_400 + 1) * 86_400)
    let first = (from + step - 1) / step * step
    return stride(from: first, through: to, by: step).map { second in
      let instant = CalendarText.instant(second)
      return Tick(
        share: Double(second - from) / Double(span), instant: instant,
        label: String(instant.dropFirst(11).prefix(5)))
    }
  }

  let title: String
  let rows: [Row]
  let ticks: [Tick]
  let slotSeconds: Double

  /// - Parameter slotSeconds: how long one slot is
  package init(_ title: String, _ rows: [Row], ticks: [Tick] = [], slotSeconds: Double = 60) {
    self.title = title
    self.rows = Array(rows.prefix(60))
    self.ticks = ticks.filter { $0.share.isFinite }
    self.slotSeconds = slotSeconds.isFinite && slotSeconds > 0 ? slotSeconds : 60
  }

  package var message: String {
    guard !rows.isEmpty else { return "\(title): nothing is watched" }
    let notable = rows.filter(\.worst.isNotable)
    guard !notable.isEmpty else { return "\(title): \(rows.count) series, all normal" }
    return "\(title): "
      + notable.prefix(5).map { "\($0.label) \(words($0))" }.joined(separator: "; ")
      + (notable.count > 5 ? "; and \(notable.count - 5) more" : "")
      + "; \(rows.count - notable.count) of \(rows.count) normal"
  }

  package func draw(width: Double) -> ChartMarks {
    guard !rows.isEmpty else { return nothing(width: width, "nothing is watched") }
    let isNarrow = width < 420
    let step = isNarrow ? 34.0 : 22.0
    let ends = rows.map(words)
    var drawing = Drawing(
      width: width, height: Double(rows.count) * step + (ticks.isEmpty ? 2 : 20))
    let labelRoom = isNarrow ? 0 : rows.labelRoom(\.label, width: width * 0.75)
    let endRoom =
      isNarrow
      ? 0 : min((ends.map { TextWidth.of($0, size: 11) }.max() ?? 0) + 26, width * 0.3)
    let room = width - labelRoom - endRoom
    var end = 0.0
    for tick in ticks where (0...1).contains(tick.share) {
      let x = labelRoom + tick.share * room
      drawing.line(x, 0, x, Double(rows.count) * step, .line)
      let anchor: Drawing.Anchor =
        tick.share > 0.95 ? .end : tick.share < 0.05 ? .start : .middle
      let text = TextWidth.of(tick.label, size: 10)
      let left = anchor == .end ? x - text : anchor == .start ? x : x - text / 2
      // On a phone not each line has room for its time.
      guard left >= end else { continue }
      end = left + text + 4
      drawing.text(
        tick.label, x, drawing.height - 4, .muted, size: 10, anchor: anchor,
        time: (tick.instant, "hm"))
    }
    for (index, row) in rows.enumerated() {
      let top = Double(index) * step
      let bar = isNarrow ? top + 18 : top + 5
      let isCalm = !row.worst.isNotable
      drawing.text(
        row.label, 0, isNarrow ? top + 13 : top + 15, isCalm ? .muted : .text,
        room: isNarrow ? width * 0.55 : labelRoom - 10, isLabel: true)
      drawing.rect(labelRoom, bar, room, 12, .surface, title: "\(row.label): \(ends[index])")
      draw(row, from: labelRoom, room: room, top: bar, into: &drawing)
      let tone = row.worst
      if isNarrow {
        if tone.isNotable { drawing.shape(tone, width - 5, top + 9, size: 9) }
        drawing.text(
          ends[index], tone.isNotable ? width - 14 : width, top + 13,
          tone.isNotable ? .tone(tone) : .muted, size: 11, anchor: .end, room: width * 0.42)
      } else {
        let end = labelRoom + room + 8
        if tone.isNotable { drawing.shape(tone, end + 5, top + 11, size: 9) }
        drawing.text(
          ends[index], end + (tone.isNotable ? 15 : 0), top + 15,
          tone.isNotable ? .tone(tone) : .muted, size: 11)
      }
    }
    return ChartMarks(drawing)
  }

  /// Equal slots in a row are one mark, at least so wide that an eye finds it.
  private func draw(
    _ row: Row, from left: Double, room: Double, top: Double, into drawing: inout Drawing
  ) {
    guard !row.slots.isEmpty else { return }
    let slot = room / Double(row.slots.count)
    var start = 0
    for index in 1...row.slots.count
    where index == row.slots.count || row.slots[index] != row.slots[start] {
      let tone = row.slots[start]
      if tone != .normal, tone != .good {
        let width = max(Double(index - start) * slot, tone.isNotable ? 2 : 1)
        let x = min(left + Double(start) * slot, left + room - width)
        // Height says severity as well, for readers who see no colour.
        let heights: [Tone: Double] = [.critical: 10, .warning: 7, .info: 4, .unknown: 2]
        let height = heights[tone] ?? 12
        drawing.rect(
          x, top + 12 - height, width, height, .tone(tone),
          title:
            "\(row.label): \(tone.word) for \(Quantity.duration(Double(index - start) * slotSeconds))"
        )
      }
      start = index
    }
  }

  private func words(_ row: Row) -> String {
    if let note = row.note { return note }
    guard row.worst.isNotable else {
      return row.worst == .unknown && !row.slots.contains(.normal) ? "unknown" : "normal"
    }
    let count = row.slots.filter(\.isNotable).count
    return "\(row.worst.word) \(Quantity.duration(Double(count) * slotSeconds))"
  }
}
