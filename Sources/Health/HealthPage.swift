import PayopsCore
package import Tabular

/// A ``HealthSummary`` as one screen of text: blocks below each other, or side by side where the
/// terminal is wide.
package struct HealthPage {
  let summary: HealthSummary
  let layout: PageLayout

  package init(summary: HealthSummary, layout: PageLayout) {
    self.summary = summary
    self.layout = layout
  }

  /// Blanks between blocks that stand side by side.
  private static let gutter = 4
  /// The least width of a block that stands beside another.
  private static let narrowest = 56

  /// The page with its line ends; no line is wider than the terminal.
  package var text: String {
    let title =
      layout.style.bold("payops") + "  payment operations as of \(summary.asOf) UTC"
    let places = min(3, (layout.width + Self.gutter) / (Self.narrowest + Self.gutter))
    let width = (layout.width - Self.gutter * (max(1, places) - 1)) / max(1, places)
    let (today, backlog) = (today(width), backlog(width))
    let (settlement, exposure) = (settlement(width), exposure(width))
    let (incidents, upkeep) = (incidents(width), upkeep(width))
    let columns =
      switch places {
      case 3...: [[today, exposure], [settlement, backlog], [incidents, upkeep]]
      case 2: [[today, exposure, upkeep], [settlement, backlog, incidents]]
      default: [[today, backlog, settlement, exposure, incidents, upkeep]]
      }
    let blocks = columns.map { Array($0.joined(separator: [""])) }
    let height = blocks.map(\.count).max() ?? 0
    let lines = (0..<height).map { place -> String in
      var line = ""
      for (column, block) in blocks.enumerated() where place < block.count {
        let start = column * (width + Self.gutter)
        if block[place].isEmpty { continue }
        line += String(repeating: " ", count: max(0, start - line.visibleWidth)) + block[place]
      }
      return line
    }
    return ([title, ""] + lines).joined(separator: "\n") + "\n"
  }

  private func today(_ width: Int) -> [String] {
    let table = DataTable(
      columns: [
        .init(name: "TODAY SO FAR"), .init(name: "value", isNumeric: true),
        .init(name: "vs last \(summary.weekday.prefix(3))", isNumeric: true),
      ],
      rows: summary.headlines.map { [title(of: $0), Self.value($0), $0.change?.text ?? "-"] })
    let lines = lines(of: table, width).enumerated().map { place, line in
      guard place > 0, let change = summary.headlines[place - 1].change, change.isLarge,
        line.hasSuffix(change.text)
      else { return line }
      return line.dropLast(change.text.count) + layout.style.yellow(change.text)
    }
    return withCourses(lines, nil, summary.headlines.map(\.course), width)
  }

  private func backlog(_ width: Int) -> [String] {
    func amount(_ bucket: HealthSummary.AgingBucket) -> String { bucket.amount.grouped(0) }
    let open = summary.backlog.map { Double($0.count).grouped(0) }
    let unit = summary.currency.isEmpty ? "amount" : "amount, \(summary.currency)"
    let beside = DataTable(
      columns: [.init(name: "BACKLOG BY AGE")]
        + summary.backlog.map { .init(name: $0.label, isNumeric: true) },
      rows: [["open payments"] + open, [unit] + summary.backlog.map(amount)])
    let page = TableRenderer(width: width, isUnicode: layout.isUnicode, style: layout.style)
      .page(beside)
    if page.leftOut.isEmpty {
      let shape = spark(summary.backlog.map { Double($0.count) })
      return page.text.split(separator: "\n").map(String.init)
        + ["shape" + String(repeating: " ", count: 10) + shape]
    }
    return lines(
      of: DataTable(
        columns: [
          .init(name: "BACKLOG BY AGE"), .init(name: "open payments", isNumeric: true),
          .init(name: unit, isNumeric: true),
        ],
        rows: zip(summary.backlog, open).map { [$0.label, $1, amount($0)] }), width)
  }

  private func settlement(_ width: Int) -> [String] {
    guard !summary.settlement.isEmpty else {
      return filled("SETTLEMENT SLA", "nothing was due in the last 14 days", 16, width)
    }
    func table(_ count: (Int64) -> String) -> DataTable {
      DataTable(
        columns: [.init(name: "rail")]
          + ["due", "in time", "late", "failed", "overdue", "share"].map {
            .init(name: $0, isNumeric: true)
          },
        rows: summary.settlement.map { rail in
          [rail.rail] + [rail.due, rail.onTime, rail.late, rail.failed, rail.overdue].map(count)
            + [rail.share.map(Self.percent) ?? "-"]
        })
    }
    let renderer = TableRenderer(width: width, isUnicode: layout.isUnicode, style: layout.style)
    var page = renderer.page(table { Double($0).grouped(0) })
    // Where the counts of a busy week do not fit, their first digits do.
    if !page.leftOut.isEmpty { page = renderer.page(table { Double($0).short }) }
    let lines = page.text.split(separator: "\n").map(String.init)
    return [layout.style.bold("SETTLEMENT SLA, 7 DAYS")]
      + withCourses(lines, "by due date", summary.settlement.map(\.course), width)
  }

  private func exposure(_ width: Int) -> [String] {
    let exposure = summary.exposure
    let figures =
      "\(summary.currency) \(exposure.total.grouped(0)) = open payments"
      + " \(exposure.open.grouped(0)) + unsettled \(exposure.unsettled.grouped(0))"
    return filled("EXPOSURE", figures, 10, width)
      + [("still open by day of origin  " + spark(exposure.course)).withoutFinalBlanks]
  }

  /// The most incidents that the page names; the others are counted.
  private static let shownIncidents = 8

  private func incidents(_ width: Int) -> [String] {
    let until =
      summary.monitoredUntil.map { "monitored up to \($0.prefix(16)) UTC" }
      ?? "not monitored yet: see `payops monitor tick`"
    let head = filled("OPEN INCIDENTS", "\(summary.incidents.count), \(until)", 16, width)
    let shown = summary.incidents.prefix(Self.shownIncidents).flatMap { incident -> [String] in
      let severity = Self.left(incident.severity.rawValue, 10)
      let color = incident.severity >= .critical ? layout.style.red : layout.style.yellow
      let start =
        color(severity) + Self.left("\(incident.id)", 7) + Self.left(incident.state, 14)
        + Self.left(Check.age(Int(max(0, incident.ageSeconds))), 9)
      let words =
        "\(incident.rule) \(incident.subject)"
        .printable + (incident.cause.map { ", mostly \($0.printable)" } ?? "")
      if start.visibleWidth + words.displayWidth <= width { return [start + words] }
      return [start.withoutFinalBlanks] + words.broken(indent: 2, width: width)
    }
    let rest = summary.incidents.count - min(summary.incidents.count, Self.shownIncidents)
    return head + shown
      + (rest > 0 ? [layout.style.dim("and \(rest) more: payops alerts list")] : [])
  }

  private func upkeep(_ width: Int) -> [String] {
    let jobs = summary.jobs
    let scheduler = jobs.isScheduled ? "a scheduler is at work" : "no scheduler is at work"
    let trouble = jobs.troubled.map { "late or failing: \($0)" } ?? "none is late or failing"
    let backups = summary.backups
    let proved =
      backups.newestVerified.map { id in
        "\(id) is verified" + (backups.ageSeconds.map { ", \(Check.age(Int($0))) old" } ?? "")
      } ?? "none is verified"
    let failed = backups.failed > 0 ? "; \(backups.failed) FAILED their verification" : ""
    return filled("JOBS", "\(scheduler); \(trouble)", 9, width)
      + filled("BACKUPS", "\(proved)\(failed)", 9, width)
  }
}

extension HealthPage {
  private func title(of headline: HealthSummary.Headline) -> String {
    switch headline.name {
    case "total_count": "payments"
    case "total_amount": "amount, \(summary.currency)"
    case "mean_duration_ms": "mean duration, ms"
    default: headline.name.replacing("_", with: " ")
    }
  }

  private func lines(of table: DataTable, _ width: Int) -> [String] {
    TableRenderer(width: width, isUnicode: layout.isUnicode, style: layout.style).render(table)
      .split(separator: "\n").map(String.init)
  }

  /// A word that stands out, and a text beside it.
  private func filled(_ word: String, _ text: String, _ indent: Int, _ width: Int) -> [String] {
    var lines = text.broken(indent: indent, width: width)
    lines[0] = layout.style.bold(word) + lines[0].dropFirst(word.count)
    return lines
  }

  /// Lines with the course of each behind it, as many of the last days as there is room for.
  private func withCourses(
    _ lines: [String], _ courseName: String?, _ courses: [[Double?]], _ width: Int
  ) -> [String] {
    let start = (lines.map(\.visibleWidth).max() ?? 0) + 3
    let days = min(width - start, HealthSummary.courseDays)
    guard days >= 5 else { return lines }
    let heading =
      ([courseName].compactMap { $0 } + ["last \(days) days", "\(days) days"])
      .first { start + $0.count <= width } ?? ""
    return lines.enumerated().map { place, line in
      let padding = String(repeating: " ", count: start - line.visibleWidth)
      if place == 0 {
        return heading.isEmpty ? line : line + padding + layout.style.bold(heading)
      }
      let course = spark(Array(courses[place - 1].suffix(days)))
      return course.isEmpty ? line : line + padding + course
    }
  }

  private func spark(_ values: [Double?]) -> String {
    layout.style.cyan(Sparkline.draw(values, isUnicode: layout.isUnicode).withoutFinalBlanks)
  }

  private static func value(_ headline: HealthSummary.Headline) -> String {
    guard let value = headline.value else { return "-" }
    return switch headline.unit {
    case "ratio": percent(value)
    case "amount": value.grouped(2)
    case "ms": value.grouped(1)
    default: value.grouped(0)
    }
  }

  private static func percent(_ ratio: Double) -> String { ratio.percent }

  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.displayWidth))
  }
}
