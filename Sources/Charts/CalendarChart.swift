/// A month, a cell a day: what is due, and which share of it is on time.
package struct CalendarChart: Chart {
  package static let kind = "calendar"

  /// One day of the month.
  package struct Day: Sendable {
    let number: Int
    let due: Double?
    let share: Double?
    let tone: Tone
    let isOff: Bool

    /// - Parameters:
    ///   - number: day of the month from 1
    ///   - due: how much is due
    ///   - share: share on time, 0 to 1; nil before it is known
    ///   - isOff: whether it is no business day
    package init(
      _ number: Int, due: Double?, share: Double?, tone: Tone = .normal, isOff: Bool = false
    ) {
      self.number = number
      self.due = due.flatMap { $0.isFinite ? $0 : nil }
      self.share = share.flatMap { $0.isFinite ? min(max($0, 0), 1) : nil }
      self.tone = tone
      self.isOff = isOff
    }
  }

  let title: String
  let days: [Day]
  let firstWeekday: Int
  let today: Int?

  /// - Parameters:
  ///   - firstWeekday: weekday of the 1st, Monday 0
  ///   - today: day to be marked
  package init(_ title: String, _ days: [Day], firstWeekday: Int, today: Int? = nil) {
    self.title = title
    self.days = days.filter { (1...31).contains($0.number) }.sorted { $0.number < $1.number }
    self.firstWeekday = ((firstWeekday % 7) + 7) % 7
    self.today = today
  }

  package var message: String {
    let known = days.filter { $0.share != nil }
    guard let worst = known.min(by: { ($0.share ?? 1) < ($1.share ?? 1) }) else {
      return "\(title): nothing was due yet"
    }
    return
      "\(title): worst day \(worst.number) with \(Quantity.ratio.text(worst.share)) on time of \(Quantity.count.text(worst.due)) due"
  }

  package func draw(width: Double) -> ChartMarks {
    guard let last = days.last?.number else { return nothing(width: width) }
    let weeks = (firstWeekday + last + 6) / 7
    let isNarrow = width < 420
    let (cell, step) = (width / 7, isNarrow ? 44.0 : 48.0)
    var drawing = Drawing(width: width, height: 18 + Double(weeks) * step)
    for (index, name) in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].enumerated() {
      drawing.text(name, Double(index) * cell, 11, .muted, size: 10, room: cell)
    }
    for week in 0..<weeks {
      drawing.line(0, 17.5 + Double(week) * step, width, 17.5 + Double(week) * step, .line)
    }
    for day in days {
      let place = firstWeekday + day.number - 1
      let left = Double(place % 7) * cell
      let top = 18 + Double(place / 7) * step
      draw(day, left: left, top: top, room: cell - 8, into: &drawing)
    }
    return ChartMarks(drawing)
  }

  private func draw(
    _ day: Day, left: Double, top: Double, room: Double, into drawing: inout Drawing
  ) {
    let isToday = day.number == today
    drawing.text(
      "\(day.number)", left, top + 14, day.isOff ? .muted : .text, size: 12, isStrong: isToday)
    if isToday { drawing.rect(left, top - 1, room, 2, .text) }
    guard let due = day.due, due > 0 else { return }
    let words =
      "\(day.number): \(Quantity.count.text(due)) due"
      + (day.share.map { ", \(Quantity.ratio.text($0)) on time" } ?? "")
      + (day.tone.isNotable ? ", \(day.tone.word)" : "")
    let count = Quantity.count.text(due)
    if TextWidth.of(count, size: 10) < room - 20 {
      drawing.text(count, left + room, top + 14, .muted, size: 10, anchor: .end)
    }
    drawing.rect(left, top + 32, room, 5, .surface, title: words)
    guard let share = day.share else { return }
    drawing.rect(
      left, top + 32, room * share, 5, day.tone.isNotable ? .tone(day.tone) : .step(3), title: words
    )
    drawing.shape(day.tone.isNotable ? day.tone : .normal, left + 4, top + 23, size: 8)
    drawing.text(
      room < 44 ? Quantity.decimals(share * 100, 0) + "%" : Quantity.ratio.text(share),
      day.tone.isNotable ? left + 12 : left, top + 27,
      day.tone.isNotable ? .tone(day.tone) : .muted, size: 10, room: room)
  }
}
