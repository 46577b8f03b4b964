internal import Charts
internal import Foundation
internal import PayopsCore

extension Drawing {
  /// The score of a customer by day and rule: each hit counts less from day to day, and the hits of
  /// one rule together as much as a few fresh ones at most. Behind today is what is left when
  /// nothing new happens.
  static let score: @Sendable (PageTable) -> any Chart = { table in
    struct Event {
      let rule: String
      let at: Int
      let expires: Int
      let points: Double
      let halfLife: Double
      let cap: Double
    }
    let events = table.rows.compactMap { row -> Event? in
      guard let at = table.instant(row, "occurred_at"),
        let expires = table.instant(row, "expires_at")
      else { return nil }
      return Event(
        rule: table.text(row, "rule_name")?.replacing("_", with: " ") ?? "–",
        at: at.secondsSinceEpoch, expires: expires.secondsSinceEpoch,
        points: table.number(row, "points") ?? 0,
        halfLife: max(table.number(row, "half_life_days") ?? 1, 1) * 86_400,
        cap: table.number(row, "cap_hits") ?? 1)
    }
    let now = CivilInstant(table.moment.prefix(19))?.secondsSinceEpoch ?? 0
    func counted(_ rule: [Event], at second: Int) -> Double {
      let alive = rule.filter { $0.at <= second && $0.expires > second }
      let left = alive.reduce(0) {
        $0 + $1.points * pow(0.5, Double(second - $1.at) / $1.halfLife)
      }
      return min(left, (alive.map(\.points).max() ?? 0) * (alive.first?.cap ?? 1))
    }
    let byRule = Dictionary(grouping: events, by: \.rule)
    let order = byRule.keys.sorted {
      let (a, b) = (counted(byRule[$0] ?? [], at: now), counted(byRule[$1] ?? [], at: now))
      return a == b ? $0 < $1 : a > b
    }
    let (named, others) = (order.prefix(order.count > 6 ? 5 : 6), order.dropFirst(order.count > 6 ? 5 : 6))
    let (past, future) = (60, 30)
    return ColumnsChart(
      "points that count, by rule",
      parts: named.map { .init($0) } + (others.isEmpty ? [] : [.init("others")]),
      (-past...future).map { day in
        let second = now + day * 86_400
        let instant = CivilInstant(secondsSinceEpoch: second)
        let points = named.map { counted(byRule[$0] ?? [], at: second) }
        let rest = others.reduce(0) { $0 + counted(byRule[$1] ?? [], at: second) }
        return ColumnsChart.Column(
          String("\(instant.date)".suffix(5)), instant: instant.rfc3339,
          points + (others.isEmpty ? [] : [rest]))
      }, quantity: .number, timeForm: "dm", mark: (past, "today"))
  }

  /// Windows of hits, a row for each rule.
  static let hits: @Sendable (PageTable) -> any Chart = { table in
    spans(table, "windows of hits", "hits", from: "window_from", to: "window_to") { row in
      table.text(row, "rule_id").map { "hit of \($0)" } ?? "hit"
    }
  }

  /// Payments in the windows of hits, a row for each rule.
  static let windowPayments: @Sendable (PageTable) -> any Chart = { table in
    spans(table, "payments in windows of hits", "payments", from: "transaction_time",
      to: "transaction_time"
    ) { row in
      "\(table.text(row, "transaction_id") ?? ""): "
        + Words.amount(table.text(row, "base_amount"), table.currency)
        + ", \(table.text(row, "status") ?? "")"
    }
  }

  private static func spans(
    _ table: PageTable, _ title: String, _ many: String, from: String, to: String,
    _ words: ([String?]) -> String
  ) -> TimelineChart {
    var order: [String] = []
    var rows: [String: [TimelineChart.Span]] = [:]
    let now = CivilInstant(table.moment.prefix(19)).map { Double($0.secondsSinceEpoch) } ?? 0
    var first = now - 3_600
    for row in table.rows {
      guard let begin = table.instant(row, from), let end = table.instant(row, to) else { continue }
      let label =
        (table.text(row, "rule_name") ?? table.text(row, "rule_id") ?? "–")
        .replacing("_", with: " ")
      if rows[label] == nil { order.append(label) }
      first = min(first, Double(begin.secondsSinceEpoch))
      rows[label, default: []].append(
        .init(
          from: Double(begin.secondsSinceEpoch), to: Double(end.secondsSinceEpoch),
          title: "\(words(row)), \(begin.description.prefix(16))"))
    }
    return TimelineChart(
      title,
      order.sorted { (rows[$1]?.count ?? 0, $0) < (rows[$0]?.count ?? 0, $1) }.map {
        .init(
          $0, rows[$0] ?? [],
          note: (rows[$0]?.count).map { $0 == 1 ? "1 \(many.dropLast())" : "\($0) \(many)" } ?? "")
      }, from: first, to: now)
  }
}
