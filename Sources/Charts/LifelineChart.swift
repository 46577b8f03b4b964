/// The life of one incident: what happened when, from the first sign to its resolution, with the time
/// between.
package struct LifelineChart: Chart {
  package static let kind = "lifeline"

  /// Something that happened.
  package struct Event: Sendable {
    let seconds: Double
    let instant: String
    let label: String
    let tone: Tone

    /// - Parameters:
    ///   - seconds: since any moment that is the same for all events
    ///   - instant: ISO 8601 in UTC
    ///   - tone: severity from this event on; nil-like `normal` leaves it as it was
    package init(seconds: Double, instant: String, label: String, tone: Tone = .normal) {
      self.seconds = seconds.isFinite ? max(seconds, 0) : 0
      self.instant = instant
      self.label = label
      self.tone = tone
    }
  }

  let title: String
  let events: [Event]
  let now: Double?

  /// - Parameter nowSeconds: now, counted as the events are, when the incident is still open
  package init(_ title: String, _ events: [Event], nowSeconds: Double? = nil) {
    self.title = title
    let ordered = events.sorted { ($0.seconds, $0.label) < ($1.seconds, $1.label) }.prefix(24)
    let start = ordered.first?.seconds ?? 0
    self.events = ordered.map {
      Event(seconds: $0.seconds - start, instant: $0.instant, label: $0.label, tone: $0.tone)
    }
    now = nowSeconds.flatMap { $0.isFinite ? $0 - start : nil }
  }

  package var message: String {
    guard let first = events.first, let last = events.last else {
      return "\(title): nothing happened"
    }
    let words = events.dropFirst().map { "\($0.label) after \(Quantity.duration($0.seconds))" }
    return "\(title): \(first.label) \(first.instant)" + words.map { ", \($0)" }.joined()
      + (now.map { ", open for \(Quantity.duration(max($0, last.seconds)))" } ?? "")
  }

  package func draw(width: Double) -> ChartMarks {
    guard !events.isEmpty else { return nothing(width: width) }
    let lines = lines(width: width)
    let axis = 12.0
    var drawing = Drawing(
      width: width, height: axis + 14 + Double((lines.map(\.row).max() ?? 0) + 1) * 34)
    var tone = Tone.normal
    for (index, event) in events.enumerated() {
      if event.tone != .normal { tone = event.tone }
      let from = x(event.seconds, width)
      let to = index + 1 < events.count ? x(events[index + 1].seconds, width) : x(end, width)
      if index + 1 < events.count || now != nil {
        drawing.rect(from, axis - 3, max(to - from, 0), 6, tone == .normal ? .line : .tone(tone))
      }
    }
    for line in lines {
      let event = events[line.index]
      let at = x(event.seconds, width)
      drawing.line(at, axis, at, axis + 16 + Double(line.row) * 34, .muted)
      drawing.circle(at, axis, 4, fill: .text, title: "\(event.label) \(event.instant)")
      let top = axis + 24 + Double(line.row) * 34
      let anchor = line.isRight ? Drawing.Anchor.end : .start
      let x = line.isRight ? at + 1 : at - 1
      drawing.text(
        event.label, x, top, event.tone.isNotable ? .tone(event.tone) : .text, size: 11,
        anchor: anchor)
      drawing.text(
        event.instant, x, top + 12, .muted, size: 10, anchor: anchor, time: (event.instant, "dhm"))
    }
    if now != nil { drawing.shape(.info, x(end, width), axis, size: 8, title: "still open") }
    return ChartMarks(drawing)
  }

  private var end: Double { max(now ?? 0, events.last?.seconds ?? 0) }

  private func x(_ seconds: Double, _ width: Double) -> Double {
    let share = end > 0 ? seconds / end : 0
    return 5 + share * (width - 10)
  }

  /// A row for each label, given from the last event to the first: the line down to a label then
  /// passes no label of a later event.
  private func lines(width: Double) -> [(index: Int, row: Int, isRight: Bool)] {
    var taken: [[ClosedRange<Double>]] = []
    return events.indices.reversed().map { index in
      let event = events[index]
      let room = max(TextWidth.of(event.label, size: 11), 78) + 10
      let at = x(event.seconds, width)
      let isRight = at + room > width && at > room
      let span = isRight ? (at - room)...at : at...(at + room)
      let row = taken.firstIndex { !$0.contains { $0.overlaps(span) } } ?? taken.count
      if row == taken.count { taken.append([]) }
      taken[row].append(span)
      for above in 0..<row { taken[above].append((at - 3)...(at + 3)) }
      return (index, row, isRight)
    }
  }
}
