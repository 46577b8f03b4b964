@testable import Charts

/// Data that no database should hold and some do, from a seed.
struct OddData {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  private mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  private mutating func int(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  private mutating func number() -> Double {
    switch int(12) {
    case 0: .nan
    case 1: .infinity
    case 2: -.infinity
    case 3: 0
    case 4: .greatestFiniteMagnitude
    case 5: -.greatestFiniteMagnitude
    case 6: .leastNonzeroMagnitude
    case 7: -Double(int(100_000))
    case 8: 1e15
    default: Double(int(1_000_000)) / 100
    }
  }

  private mutating func optional() -> Double? { int(6) == 0 ? nil : number() }

  private mutating func text() -> String {
    let texts = [
      "", "plain", "<script>alert(1)</script>", "\"quoted\" & 'so'", "]]>", "\u{0}\u{8}\u{1F}",
      "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 😀 中文 العربية",
      String(repeating: "wide ", count: 60), "a\nb\tc", "\u{FFFE}\u{FFFF}\u{202E}", "–",
    ]
    return texts[int(texts.count)]
  }

  private mutating func tone() -> Tone { Tone.allCases[int(Tone.allCases.count)] }

  private mutating func quantity() -> Quantity {
    let all: [Quantity] = [
      .count, .amount("EUR"), .amount(""), .ratio, .seconds, .milliseconds, .number,
    ]
    return all[int(all.count)]
  }

  private mutating func many<T>(_ make: (inout OddData) -> T) -> [T] {
    let count = [0, 1, 2, 7, 50][int(5)]
    return (0..<count).map { _ in make(&self) }
  }

  /// A chart of each form.
  mutating func charts() -> [any Chart] {
    let title = text()
    let measure = quantity()
    return [
      SparklineChart(title, many { $0.optional() }, quantity: measure, tone: tone()),
      BarChart(
        title, many { .init($0.text(), $0.optional(), note: $0.text(), tone: $0.tone()) },
        quantity: measure),
      ShareChart(
        title, many { .init($0.text(), eventShare: $0.optional(), departureShare: $0.optional()) }),
      StackChart(
        title, many { .init($0.text(), $0.optional(), tone: $0.tone()) }, quantity: measure),
      BulletChart(
        title,
        many {
          .init($0.text(), $0.optional(), target: $0.optional(), note: $0.text(), tone: $0.tone())
        }, quantity: measure),
      RibbonChart(
        title,
        many { .init($0.text(), $0.many { $0.tone() }, note: $0.int(2) == 0 ? nil : $0.text()) },
        ticks: many { .init(share: $0.number(), instant: $0.text(), label: $0.text()) }),
      HeatMapChart(
        title, rows: many { $0.text() }, columns: many { $0.text() },
        many { $0.many { $0.optional() } }, quantity: measure, note: text()),
      HistogramChart(
        title, many { .init(lower: $0.number(), upper: $0.number(), count: $0.number()) },
        outliers: many { $0.number() },
        percentiles: many { ($0.text(), $0.number()) }, quantity: measure),
      NetworkChart(
        centre: title,
        many {
          .init(
            id: $0.text(), label: $0.text(), inward: $0.number(), outward: $0.number(),
            note: $0.text(), isConfirmed: $0.int(2) == 0)
        },
        second: many {
          .init(id: $0.text(), label: $0.text(), inward: $0.number(), outward: $0.number())
        },
        links: many { .init(from: $0.text(), to: $0.text(), amount: $0.number()) },
        quantity: measure),
      ColumnsChart(
        title,
        parts: many { .init($0.text(), tone: $0.tone(), isBelow: $0.int(2) == 0) },
        many { column in .init(column.text(), instant: column.text(), column.many { $0.optional() }) },
        quantity: measure, mark: (int(60), text())),
      TimelineChart(
        title,
        many { row in
          .init(
            row.text(),
            row.many {
              .init(from: $0.number(), to: $0.number(), tone: $0.tone(), title: $0.text())
            }, note: row.text())
        }, from: number(), to: number()),
      LadderChart(
        title,
        many { row in
          .init(
            row.text(), minutes: row.number(),
            rungs: row.many { ($0.number(), $0.tone()) }, raised: row.tone(),
            note: row.int(2) == 0 ? nil : row.text())
        }),
      MapChart(
        title,
        many {
          .init(
            $0.text(), latitude: $0.number(), longitude: $0.number(), count: $0.number(),
            highRisk: $0.number())
        },
        outlines: int(2) == 0 ? .none : .embedded),
      CalendarChart(
        title,
        many {
          .init(
            $0.int(40), due: $0.optional(), share: $0.optional(), tone: $0.tone(),
            isOff: $0.int(2) == 0)
        },
        firstWeekday: int(20) - 10, today: int(40)),
      LifelineChart(
        title,
        many { .init(seconds: $0.number(), instant: $0.text(), label: $0.text(), tone: $0.tone()) },
        nowSeconds: optional()),
    ]
  }
}
