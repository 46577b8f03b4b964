internal import Charts
internal import PayopsCore

extension Drawing {
  /// What alerts said over time: a row for each series, from the first alert to now.
  static func ribbon(_ title: String) -> @Sendable (PageTable) -> any Chart {
    { table in
      let slots = 120
      let end = CivilInstant(table.moment.prefix(19))?.secondsSinceEpoch ?? 0
      let starts = table.rows.compactMap { table.instant($0, "raised_at")?.secondsSinceEpoch }
      // Whole hours, and six at least.
      let hours = max(6, (end - (starts.min() ?? end)) / 3600 + 1)
      let begin = end - hours * 3600
      var order: [String] = []
      var lines: [String: [Tone]] = [:]
      for row in table.rows {
        guard let start = table.instant(row, "raised_at")?.secondsSinceEpoch else { continue }
        let name = series(table.text(row, "metric_name"), table.text(row, "alert_subject"))
        let stop = table.instant(row, "resolved_at")?.secondsSinceEpoch ?? end
        if lines[name] == nil { order.append(name) }
        var line = lines[name] ?? [Tone](repeating: .normal, count: slots)
        let first = min(max((start - begin) * slots / (hours * 3600), 0), slots - 1)
        let last = min(max((stop - begin) * slots / (hours * 3600), first), slots - 1)
        let tone = Tone(word: table.text(row, "severity"))
        for slot in first...last { line[slot] = max(line[slot], tone) }
        lines[name] = line
      }
      // The worst on top, then the latest.
      let ranked = order.enumerated().sorted { left, right in
        let (a, b) = (lines[left.element]?.max() ?? .normal, lines[right.element]?.max() ?? .normal)
        return a == b ? left.offset < right.offset : a > b
      }
      return RibbonChart(
        title, ranked.prefix(20).map { RibbonChart.Row($0.element, lines[$0.element] ?? []) },
        ticks: RibbonChart.ticks(from: begin, to: end),
        slotSeconds: Double(hours * 3600) / Double(slots))
    }
  }

  /// The life of an alert.
  static let lifeline: @Sendable (PageTable) -> any Chart = { table in
    let now = CivilInstant(table.moment.prefix(19))?.secondsSinceEpoch
    return LifelineChart(
      "life of the alert",
      table.rows.compactMap { row in
        guard let at = table.instant(row, "changed_at") else { return nil }
        return LifelineChart.Event(
          seconds: Double(at.secondsSinceEpoch), instant: at.rfc3339,
          label: table.text(row, "change_kind") ?? "", tone: Tone(word: table.text(row, "severity"))
        )
      }, nowSeconds: now.map(Double.init))
  }

  /// How much of a departure each member explains, beside its share of events.
  static let shares: @Sendable (PageTable) -> any Chart = { table in
    ShareChart(
      "members that explain the departure",
      table.rows.map { row in
        ShareChart.Row(
          [table.text(row, "dimension"), table.text(row, "member")].compactMap { $0 }
            .joined(separator: " "),
          eventShare: table.number(row, "event_share"),
          departureShare: table.number(row, "explained_share"))
      })
  }

  /// Alerts by the day on which they were raised.
  static let alertDays: @Sendable (PageTable) -> any Chart = { table in
    var days: [String: (raised: Double, wrong: Double)] = [:]
    for row in table.rows {
      guard let day = table.text(row, "alert_date") else { continue }
      days[day, default: (0, 0)].raised += table.number(row, "alert_count") ?? 0
      days[day, default: (0, 0)].wrong += table.number(row, "false_count") ?? 0
    }
    return ColumnsChart(
      "alerts raised by day",
      parts: [.init("raised"), .init("of these false positives", tone: .warning)],
      daysBack(29, from: table.moment).map { day in
        let found = days[day] ?? (0, 0)
        return ColumnsChart.Column(
          String(day.suffix(5)), instant: "\(day)T00:00:00Z",
          [max(found.raised - found.wrong, 0), found.wrong])
      }, timeForm: "dm")
  }

  /// A series by its metric and member, in words.
  static func series(_ metric: String?, _ member: String?) -> String {
    [metric?.replacing("_", with: " "), member == "all" ? nil : member].compactMap { $0 }
      .joined(separator: " ")
  }

  /// The days up to that of an instant, the oldest first.
  static func daysBack(_ count: Int, from moment: String) -> [String] {
    guard let today = CivilInstant(moment.prefix(19))?.daysSinceEpoch else { return [] }
    return (today - count...today).map { "\(CivilDate(daysSinceEpoch: $0))" }
  }
}
