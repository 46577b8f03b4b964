@testable import Charts

/// Charts with data that a page could have: those of time and of departures.
enum MoreSamples {
  static let all: [(name: String, chart: any Chart)] = [
    ("columns-flow", flow), ("columns-score", score), ("columns-alerts", alerts),
    ("timeline", timeline), ("hits", hits), ("ladder", ladder), ("ladder-mixed", ladderMixed),
    ("network-second", networkSecond),
  ]

  /// 2026-11-29 15:00.
  static let start = 1_795_964_400

  static func instant(_ hour: Int) -> String { CalendarText.instant(start + hour * 3_600) }

  static let flow = ColumnsChart(
    "Payments that came in and went out, 24 h",
    parts: [.init("came in"), .init("went out", isBelow: true)],
    (0..<24).map { hour in
      let count = Double(80 + (hour * 37) % 120)
      return .init(
        String(instant(hour).dropFirst(11).prefix(5)), instant: instant(hour),
        [count, hour > 21 ? count - 40 : count - Double(hour % 3)])
    })

  static let score = ColumnsChart(
    "Score of customer 10 482, by rule",
    parts: ["fan in", "structuring", "rapid in and out", "others"].map { .init($0) },
    (0..<90).map { day in
      let share = day < 30 ? 0 : 1 / Double(1 + (day - 30) / 12)
      return .init(
        String(instant(day * 24).dropFirst(5).prefix(5)), instant: instant(day * 24),
        [share * 40, share * 25, day > 50 ? 10 : 0, day > 20 ? 4 : nil])
    }, quantity: .number, timeForm: "dm", mark: (60, "today"))

  static let alerts = ColumnsChart(
    "Alerts raised by day",
    parts: [
      .init("true or not judged"), .init("false positives", tone: .warning),
    ],
    (0..<30).map { day in
      .init(
        String(instant(day * 24).dropFirst(5).prefix(5)), instant: instant(day * 24),
        [Double((day * 7) % 5), day % 6 == 0 ? 1 : 0])
    }, timeForm: "dm")

  static func span(
    _ from: Int, _ minutes: Int, _ title: String, _ tone: Tone = .normal
  ) -> TimelineChart.Span {
    .init(
      from: Double(start + from * 60), to: Double(start + (from + minutes) * 60), tone: tone,
      title: title)
  }

  static let timeline = TimelineChart(
    "Runs of jobs, 24 h",
    [
      .init(
        "create_backup", [span(700, 30, "failed", .critical)], note: "1 failed of 1"),
      .init(
        "refresh_kpis", (0..<46).map { span($0 * 30, 30, "180 runs") },
        note: "8 280 runs"),
      .init(
        "watch_alerts",
        (0..<46).map { span($0 * 30, 30, "30 runs", $0 == 20 ? .warning : .normal) },
        note: "4 left out of 1 380"),
    ], from: Double(start), to: Double(start + 86_400))

  static let hits = TimelineChart(
    "Hits of rules",
    [
      .init("structuring", [span(-20_000, 1_440, "window of a day")], note: "1 hit"),
      .init(
        "a rule with a name that is a good deal longer than there is room for",
        [span(-60_000, 10_080, "window"), span(-5, 0, "a moment")], note: "2 hits"),
    ], from: Double(start - 90 * 86_400), to: Double(start))

  static let rungs: [(minutes: Double, tone: Tone)] = [
    (15, .info), (30, .warning), (45, .critical), (60, .severe),
  ]

  static let ladder = LadderChart(
    "How long each departure lasts",
    [
      .init("technical decline rate", minutes: 88, rungs: rungs, raised: .severe),
      .init("success rate", minutes: 31, rungs: rungs, raised: .warning),
      .init("p95 latency", minutes: 2, rungs: rungs, raised: .critical),
      .init("open payments", minutes: 7, rungs: rungs),
    ])

  static let ladderMixed = LadderChart(
    "How long each departure lasts",
    [
      .init("technical decline rate", minutes: 5_000, rungs: rungs, raised: .severe),
      .init(
        "settlement backlog", minutes: 60,
        rungs: [(60, .info), (120, .warning), (180, .critical), (240, .severe)], raised: .info),
    ])

  static let networkSecond = NetworkChart(
    centre: "customer 10 482", (0..<30).map(Samples.node), second: (0..<20).map(second),
    links: (0..<20).map(link), quantity: .amount("EUR"))

  static func second(_ index: Int) -> NetworkChart.Node {
    let isPayer = index % 2 == 0
    return .init(
      id: "s\(index)", label: "account \(90_000 + index * 17)",
      inward: isPayer ? Double(1_000 + index) : 0, outward: isPayer ? 0 : Double(900 - index),
      isConfirmed: index == 2)
  }

  static func link(_ index: Int) -> NetworkChart.Link {
    index % 2 == 0
      ? .init(from: "s\(index)", to: "n\(index)", amount: Double(1_000 + index))
      : .init(from: "n\(index)", to: "s\(index)", amount: Double(900 - index))
  }
}
