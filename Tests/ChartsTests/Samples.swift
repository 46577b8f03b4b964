@testable import Charts

/// Charts with data that a page could have, for the golden files and for whoever looks at them.
enum Samples {
  /// Name and chart of each.
  static var all: [(name: String, chart: any Chart)] {
    [
      ("sparkline", sparkline), ("bars", bars), ("shares", shares), ("stack", stack),
      ("stack-fire", stackFire),
      ("bullets", bullets), ("bullets-fire", bulletsFire), ("ribbon", ribbon),
      ("ribbon-fire", ribbonFire),
      ("heatmap", heatmap), ("histogram", histogram), ("network", network),
      ("network-fire", networkFire),
      ("map", map), ("calendar", calendar), ("lifeline", lifeline), ("jobs", jobs),
    ] + MoreSamples.all
  }

  /// Those that a page may show over its full width.
  static let full: Set = [
    "ribbon", "ribbon-fire", "jobs", "lifeline", "network", "network-fire", "heatmap",
    "network-second", "timeline", "hits", "columns-score",
  ]

  static let sparkline = SparklineChart(
    "Payments",
    [3120, 3080, 3301, 3290, nil, 2870, 2655, 3140, 3190, 3322, 3301, 2902, 2688, 3225],
    quantity: .count)

  static let bars = BarChart(
    "Top clients by value, 30 days",
    [
      .init("Maison Verdier", 184_310.4, note: "412 payments"),
      .init("Kestrel Logistics GmbH", 151_200, note: "96"),
      .init("A. Okafor", 98_431.2, note: "1 204"),
      .init("Bäckerei Thiele & Söhne", 75_300, note: "2 310"),
      .init("Harbour & Pine Ltd, Sales of Furniture and Fittings", 61_111, note: "58"),
      .init("R. Lindqvist", 40_900, note: "31"),
    ], quantity: .amount("EUR"))

  static let shares = ShareChart(
    "Slices that contribute",
    [
      .init("acquirer NordPay", eventShare: 0.31, departureShare: 0.94),
      .init("card scheme Visa", eventShare: 0.52, departureShare: 0.55),
      .init("channel ecommerce", eventShare: 0.61, departureShare: 0.6),
      .init("response code 91", eventShare: 0.12, departureShare: 0.88),
      .init("location Hamburg", eventShare: 0.09, departureShare: 0.04),
    ])

  static let stack = StackChart(
    "Backlog by age",
    [
      .init("< 1 h", 41), .init("1–4 h", 12), .init("4–24 h", 6), .init("1–3 d", 2),
      .init("> 3 d", 1),
    ])

  static let stackFire = StackChart(
    "Backlog by age",
    [
      .init("< 1 h", 812), .init("1–4 h", 1_941), .init("4–24 h", 430, tone: .warning),
      .init("1–3 d", 64, tone: .critical),
      .init("> 3 d", 11, tone: .severe),
    ])

  static let bullets = BulletChart(
    "Settled within the SLA",
    [
      .init("SEPA instant", 0.9987, target: 0.995, note: "12 411"),
      .init("SEPA credit", 0.9921, target: 0.99, note: "3 102"),
      .init("Card", 0.9873, target: 0.98, note: "28 034"),
      .init("ACH", 0.981, target: 0.97, note: "811"),
    ])

  static let bulletsFire = BulletChart(
    "Settled within the SLA",
    [
      .init("SEPA instant", 0.91, target: 0.995, note: "12 411", tone: .critical),
      .init("SEPA credit", 0.9821, target: 0.99, note: "3 102", tone: .warning),
      .init("Card", 0.9873, target: 0.98, note: "28 034"),
      .init("ACH", nil, target: 0.97, note: "nothing due"),
    ])

  /// Twelve hours up to 2026-11-30 15:18.
  static let ticks = RibbonChart.ticks(from: 1_796_008_680, to: 1_796_051_880)

  static func slots(_ runs: (Int, Tone)...) -> [Tone] {
    runs.flatMap { Array(repeating: $0.1, count: $0.0) }
  }

  static let metrics = [
    "success rate", "technical decline rate", "business decline rate", "authorization rate",
    "p95 latency", "payments per minute",
    "open payments", "settlement backlog", "failed logins",
  ]

  static let ribbon = RibbonChart(
    "Severity of each metric, 12 h",
    metrics.enumerated().map { index, name in
      .init(
        name, index == 4 ? slots((301, .normal), (4, .info), (415, .normal)) : slots((720, .normal))
      )
    }, ticks: ticks)

  static let ribbonFire = RibbonChart(
    "Severity of each metric, 12 h",
    [
      .init(
        "technical decline rate",
        slots((560, .normal), (12, .warning), (60, .critical), (88, .severe))),
      .init("success rate", slots((571, .normal), (30, .warning), (119, .critical))),
      .init("authorization rate", slots((580, .normal), (140, .critical))),
      .init("p95 latency", slots((120, .normal), (6, .info), (500, .normal), (94, .warning))),
      .init("open payments", slots((640, .normal), (80, .warning))),
      .init("payments per minute", slots((700, .normal), (20, .info))),
      .init("business decline rate", slots((720, .normal))),
      .init("settlement backlog", slots((600, .normal), (120, .unknown))),
      .init("failed logins", slots((720, .normal))),
    ], ticks: ticks)

  static let jobs = RibbonChart(
    "Jobs, 24 h",
    [
      .init("refresh_rollups", slots((96, .normal)), note: "96 runs"),
      .init("monitor_tick", slots((60, .normal), (1, .warning), (35, .normal)), note: "1 late"),
      .init("backup", slots((40, .normal), (2, .critical), (54, .normal)), note: "1 failed"),
    ], ticks: ticks, slotSeconds: 450)

  static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  static let hours = (0..<24).map { $0 < 10 ? "0\($0)" : "\($0)" }

  static let heatmap = HeatMapChart(
    "Payments by weekday and hour", rows: weekdays, columns: hours,
    (0..<7).map { day in (0..<24).map { volume(day: day, hour: $0) } }, note: "hours in UTC")

  static func volume(day: Int, hour: Int) -> Double? {
    if day == 6 && hour > 20 { return nil }
    if hour < 6 { return Double(3 + hour + day) }
    let peak = max(0, 14 - abs(hour - 13)) * (day > 4 ? 9 : 14)
    return Double(peak + (hour * 7 + day * 13) % 17)
  }

  static let histogram = HistogramChart(
    "Amounts of 30 days",
    (0..<40).map(bucket), outliers: [48_000, 61_500, 152_000, 233_000, 401_000],
    percentiles: [("p50", 84.2), ("p90", 1_204), ("p95", 3_610), ("p99", 18_400)],
    quantity: .amount("EUR"))

  static func bucket(_ index: Int) -> HistogramChart.Bucket {
    let lower: Double = 0.5 * Double(1 << (index / 2)) * (index % 2 == 0 ? 1 : 1.414)
    let distance = Double(index - 15) / 6
    let share: Double = 1 - distance * distance / 8
    return .init(lower: lower, upper: lower * 1.414, count: max(0, share * 2_000).rounded())
  }

  static let network = NetworkChart(
    centre: "customer 10 482",
    [
      .init(id: "a", label: "account 88120", inward: 12_400, note: "24 payments"),
      .init(id: "b", label: "DE•• 4410", inward: 3_100),
      .init(id: "c", label: "account 90211", inward: 900, outward: 4_100),
      .init(id: "d", label: "FR•• 0092", outward: 18_200),
      .init(id: "e", label: "@m•••a", outward: 240),
      .init(id: "f", label: "account 12", outward: 5_600),
    ], links: [.init(from: "a", to: "d", amount: 4_000)], quantity: .amount("EUR"))

  static let networkFire = NetworkChart(
    centre: "customer 10 482", (0..<44).map(node), quantity: .amount("EUR"))

  static func node(_ index: Int) -> NetworkChart.Node {
    let isOut = index % 3 == 0
    return .init(
      id: "n\(index)",
      label: index % 5 == 0 ? "GB•• \(1000 + index * 37)" : "account \(70_000 + index * 311)",
      inward: isOut ? 400 : Double(9_900 - index * 180),
      outward: isOut ? Double(41_000 - index * 800) : 0,
      isConfirmed: index == 3 || index == 7)
  }

  static let map = MapChart(
    "Customers by city",
    [
      .init("Hamburg", latitude: 53.55, longitude: 9.99, count: 812, highRisk: 3),
      .init("Berlin", latitude: 52.52, longitude: 13.4, count: 1_204),
      .init("Paris", latitude: 48.86, longitude: 2.35, count: 930, highRisk: 11),
      .init("Madrid", latitude: 40.42, longitude: -3.7, count: 411),
      .init("Milano", latitude: 45.46, longitude: 9.19, count: 377, highRisk: 1),
      .init("Warszawa", latitude: 52.23, longitude: 21.01, count: 290),
      .init("Lisboa", latitude: 38.72, longitude: -9.14, count: 121),
      .init("Stockholm", latitude: 59.33, longitude: 18.07, count: 88),
      .init("Athina", latitude: 37.98, longitude: 23.73, count: 64, highRisk: 2),
      .init("unknown", latitude: 0, longitude: 0, count: 12),
    ],
    outlines: .embedded)

  static let calendar = CalendarChart(
    "November 2026, due settlements",
    (1...30).map(day), firstWeekday: 6, today: 27)

  static func day(_ day: Int) -> CalendarChart.Day {
    let isOff = (day + 5) % 7 > 4
    let share: Double = day == 18 ? 0.884 : 0.995 - Double((day * 7) % 11) / 700
    return .init(
      day, due: isOff ? nil : Double(2_900 + (day * 131) % 800), share: day > 27 ? nil : share,
      tone: day > 27 ? .normal : day == 18 ? .critical : share < 0.982 ? .warning : .normal,
      isOff: isOff)
  }

  static let lifeline = LifelineChart(
    "Alert 4711",
    [
      .init(seconds: 0, instant: "2026-11-30T12:26:00Z", label: "first seen", tone: .warning),
      .init(seconds: 240, instant: "2026-11-30T12:30:00Z", label: "fired", tone: .critical),
      .init(seconds: 360, instant: "2026-11-30T12:32:00Z", label: "notified on-call"),
      .init(seconds: 1_500, instant: "2026-11-30T12:51:00Z", label: "acknowledged by anna"),
      .init(seconds: 5_400, instant: "2026-11-30T13:56:00Z", label: "now SEVERE", tone: .severe),
    ], nowSeconds: 10_300)
}
