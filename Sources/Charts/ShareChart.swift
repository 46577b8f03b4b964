/// Slices that contribute to an event: what share of it each explains, beside the share of the
/// departure from the expected that is its own. A slice that explains much but departs little is only
/// large; one that explains more than its share departs.
package struct ShareChart: Chart {
  package static let kind = "shares"

  /// One slice.
  package struct Row: Sendable {
    let label: String
    let eventShare: Double?
    let departureShare: Double?

    /// - Parameters:
    ///   - eventShare: share of the events that are in the slice, 0 to 1
    ///   - departureShare: share of the departure from the expected, 0 to 1 or beyond
    package init(_ label: String, eventShare: Double?, departureShare: Double?) {
      self.label = label
      self.eventShare = eventShare.flatMap { $0.isFinite ? $0 : nil }
      self.departureShare = departureShare.flatMap { $0.isFinite ? $0 : nil }
    }
  }

  let title: String
  let rows: [Row]
  let eventName: String
  let departureName: String

  package init(
    _ title: String, _ rows: [Row], eventName: String = "share of events",
    departureName: String = "share of departure"
  ) {
    self.title = title
    self.rows = Array(rows.prefix(40))
    self.eventName = eventName
    self.departureName = departureName
  }

  package var message: String {
    guard let most = rows.max(by: { ($0.departureShare ?? 0) < ($1.departureShare ?? 0) }) else {
      return "\(title): no slice"
    }
    return
      "\(title): \(most.label) has \(Quantity.ratio.text(most.eventShare)) of the events and \(Quantity.ratio.text(most.departureShare)) of the departure"
  }

  package func draw(width: Double) -> ChartMarks {
    guard !rows.isEmpty else { return nothing(width: width) }
    let isNarrow = width < 420
    let step = isNarrow ? 44.0 : 26.0
    var drawing = Drawing(width: width, height: 20 + Double(rows.count) * step)
    let labelRoom = isNarrow ? 0 : rows.labelRoom(\.label, width: width)
    let column = (width - labelRoom) / 2
    let bar = column - 52
    let most = max(1, rows.flatMap { [$0.eventShare ?? 0, $0.departureShare ?? 0] }.max() ?? 1)
    drawing.text(eventName, labelRoom, 12, .muted, size: 11, room: column - 6)
    drawing.text(departureName, labelRoom + column, 12, .muted, size: 11, room: column)
    for (index, row) in rows.enumerated() {
      let top = 20 + Double(index) * step
      let line = isNarrow ? top + 18 : top + 2
      drawing.text(
        row.label, 0, isNarrow ? top + 13 : top + 15, room: isNarrow ? width : labelRoom - 10,
        isLabel: true)
      for (place, value, paint) in [
        (0.0, row.eventShare, Paint.step(2)), (1.0, row.departureShare, Paint.data),
      ] {
        let left = labelRoom + place * column
        let length = max(value ?? 0, 0) / most * bar
        if let value {
          drawing.rect(
            left, line + 3, max(length, 1), 13, paint, radius: 1,
            title:
              "\(row.label): \(Quantity.ratio.text(value)) \(place == 0 ? eventName : departureName)"
          )
        }
        drawing.text(Quantity.ratio.text(value), left + length + 6, line + 14, .muted, size: 11)
      }
    }
    return ChartMarks(drawing)
  }
}
