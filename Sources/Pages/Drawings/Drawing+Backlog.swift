internal import Charts
internal import PayopsCore

extension Drawing {
  /// Payments that came in above, those that have left the backlog below.
  static let flow: @Sendable (PageTable) -> any Chart = { table in
    ColumnsChart(
      "payments by hour of their attempt",
      parts: [.init("came in"), .init("of these gone out", isBelow: true)],
      table.rows.reversed().compactMap { row in
        guard let hour = table.instant(row, "metric_hour") else { return nil }
        return ColumnsChart.Column(
          clock(hour), instant: hour.rfc3339,
          [table.number(row, "inflow_count"), table.number(row, "outflow_count")])
      })
  }

  /// How much was open in each hour, and how much of it longer than it may be.
  static let backlogHistory: @Sendable (PageTable) -> any Chart = { table in
    var order: [CivilInstant] = []
    var hours: [CivilInstant: (open: Double, over: Double)] = [:]
    for row in table.rows {
      guard let hour = table.instant(row, "sample_hour") else { continue }
      if hours[hour] == nil { order.append(hour) }
      hours[hour, default: (0, 0)].open += table.number(row, "open_count") ?? 0
      hours[hour, default: (0, 0)].over += table.number(row, "over_age_count") ?? 0
    }
    guard let first = order.min(), let last = order.max() else {
      return ColumnsChart("open payments by hour", parts: [], [])
    }
    // An hour without a sample is a gap, since what was open then cannot be known.
    let all = stride(from: first.secondsSinceEpoch, through: last.secondsSinceEpoch, by: 3_600)
    return ColumnsChart(
      "open payments by hour",
      parts: [.init("in time"), .init("longer than they may be", tone: .warning)],
      all.map { second in
        let hour = CivilInstant(secondsSinceEpoch: second)
        let found = hours[hour]
        return ColumnsChart.Column(
          clock(hour), instant: hour.rfc3339,
          [found.map { max($0.open - $0.over, 0) }, found?.over])
      }, timeForm: "dhm")
  }

  /// A month of settlements: what was due, and which share of it was on time.
  static let calendar: @Sendable (PageTable) -> any Chart = { table in
    var days: [Int: (due: Double, onTime: Double, target: Double)] = [:]
    for row in table.rows {
      guard let day = table.text(row, "due_date").flatMap({ Int($0.suffix(2)) }) else { continue }
      let due = table.number(row, "due_count") ?? 0
      days[day, default: (0, 0, 0)].due += due
      days[day, default: (0, 0, 0)].onTime += table.number(row, "on_time_count") ?? 0
      days[day, default: (0, 0, 0)].target += due * (table.number(row, "target_ratio") ?? 0)
    }
    let first = table.rows.compactMap { table.text($0, "due_date") }.min() ?? table.moment
    let shown = PageMonth(nil, of: first)
    guard let begin = CivilDate(shown.begin), let end = CivilDate(shown.end) else {
      return CalendarChart("due settlements", [], firstWeekday: 0)
    }
    let today = CivilDate(table.moment.prefix(10))
    let isNow = today?.year == shown.year && today?.month == shown.month
    return CalendarChart(
      "settlements due in \(shown.title)",
      (1...end.daysSinceEpoch - begin.daysSinceEpoch).map { day in
        let found = days[day]
        let share = found.flatMap { $0.due > 0 ? $0.onTime / $0.due : nil }
        let goal = found.flatMap { $0.due > 0 ? $0.target / $0.due : nil } ?? 0
        return CalendarChart.Day(
          day, due: found?.due, share: share,
          tone: share.map { $0 < goal ? .warning : .normal } ?? .normal,
          // 1970-01-01 was a Thursday; Monday is 0.
          isOff: (begin.daysSinceEpoch + day - 1 + 3) % 7 > 4)
      }, firstWeekday: (begin.daysSinceEpoch + 3) % 7, today: isNow ? today?.day : nil)
  }

  private static func clock(_ hour: CivilInstant) -> String {
    String(hour.description.dropFirst(11).prefix(5))
  }
}
