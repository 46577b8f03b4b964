import Testing

@testable import Charts

@Suite("Charts of any data")
struct SoundnessTests {
  @Test(
    "samples are sound at any width", arguments: Samples.all.map(\.name),
    [80.0, 200, 340, 640, 1_240, 1e9, .nan])
  func samples(name: String, width: Double) throws {
    let chart = try #require(Samples.all.first { $0.name == name }?.chart)
    let faults = ParsedDrawing(chart.svg(width: width)).faults
    #expect(faults.isEmpty, "\(faults)")
  }

  @Test(
    "random numbers, not-a-number and infinities among them, and hostile texts are drawn soundly",
    arguments: 0..<60)
  func random(seed: Int) {
    var source = OddData(seed: UInt64(seed))
    for chart in source.charts() {
      for width in [200.0, 340, 640] {
        let svg = chart.svg(width: width)
        let faults = ParsedDrawing(svg).faults
        #expect(
          faults.isEmpty, "\(type(of: chart).kind) at \(width): \(faults)\n\(svg.prefix(2_000))")
        #expect(!svg.contains("<script"))
      }
    }
  }

  @Test("nothing is drawn honestly: words instead of axes")
  func empty() {
    let charts: [any Chart] = [
      SparklineChart("a", []), SparklineChart("a", [nil, .nan]), BarChart("a", []),
      ShareChart("a", []), StackChart("a", []),
      BulletChart("a", []), RibbonChart("a", []), HeatMapChart("a", rows: [], columns: [], []),
      HeatMapChart("a", rows: ["r"], columns: ["c"], [[nil]]), HistogramChart("a", []),
      NetworkChart(centre: "a", []),
      MapChart("a", [], outlines: .none), CalendarChart("a", [], firstWeekday: 0),
      LifelineChart("a", []), TimelineChart("a", [], from: 0, to: 1), LadderChart("a", []),
      ColumnsChart("a", parts: [.init("x")], []),
      ColumnsChart("a", parts: [.init("x")], [.init("1", instant: "", [nil])]),
    ]
    for chart in charts {
      let drawing = ParsedDrawing(chart.svg())
      #expect(drawing.faults.isEmpty, "\(type(of: chart).kind): \(drawing.faults)")
      #expect(drawing.names.contains("text"), "\(type(of: chart).kind) draws no words")
      #expect(!drawing.names.contains("rect"), "\(type(of: chart).kind) draws bars of nothing")
    }
  }

  @Test("one row, zeros and equal values have their marks")
  func single() {
    #expect(ParsedDrawing(BarChart("a", [.init("x", 0)]).svg()).text.contains("0"))
    #expect(ParsedDrawing(BarChart("a", [.init("x", nil)]).svg()).text.contains("–"))
    #expect(ParsedDrawing(StackChart("a", [.init("x", 0)]).svg()).names.contains("rect"))
    #expect(ParsedDrawing(SparklineChart("a", [5]).svg()).names.contains("circle"))
    #expect(ParsedDrawing(SparklineChart("a", [5, 5, 5]).svg()).names.contains("path"))
    #expect(
      ParsedDrawing(HistogramChart("a", [.init(lower: 1, upper: 1.1, count: 1)]).svg()).names
        .contains("rect"))
  }

  @Test("the same data gives the same drawing, whatever the order of the counterparties")
  func isDeterministic() {
    let nodes = (0..<30).map(Samples.node)
    let drawing = NetworkChart(centre: "a", nodes).svg()
    #expect(NetworkChart(centre: "a", nodes.reversed()).svg() == drawing)
    #expect(NetworkChart(centre: "a", nodes.shuffled()).svg() == drawing)
  }

  @Test("at most 40 counterparties are drawn, and the message says how many are not")
  func isBounded() {
    let chart = NetworkChart(centre: "a", (0..<1_000).map(Samples.node))
    #expect(chart.message.contains("960 smaller ones not drawn"))
    #expect(ParsedDrawing(chart.svg()).names.filter { $0 == "circle" }.count <= 41)
  }

  @Test("with second counterparties there are 40 nodes at most, each with a link to a first one")
  func secondIsBounded() {
    let second = (0..<100).map { NetworkChart.Node(id: "s\($0)", label: "s\($0)", inward: 1) }
    let chart = NetworkChart(
      centre: "a", (0..<100).map(Samples.node), second: second,
      links: (0..<100).map { .init(from: "s\($0)", to: "n\($0)", amount: 1) })
    #expect(ParsedDrawing(chart.svg()).names.filter { $0 == "circle" }.count <= 41)
    #expect(NetworkChart(centre: "a", [Samples.node(0)], second: second).second.isEmpty)
    #expect(!MoreSamples.networkSecond.svg(width: 340).contains(">behind them<"))
    #expect(MoreSamples.networkSecond.svg(width: 640).contains(">behind them<"))
  }

  @Test("red is for confirmed counterparties only")
  func redIsEarned() {
    #expect(!Samples.network.svg().contains("severity-severe"))
    #expect(Samples.networkFire.svg().contains("severity-severe"))
    #expect(Samples.networkFire.svg().contains("CONFIRMED"))
  }

  @Test("a severity never is a colour alone: its word or its shape stands beside it")
  func severityHasWords() {
    let svg = ParsedDrawing(Samples.ribbonFire.svg()).text
    for word in ["SEVERE", "CRITICAL", "WARNING", "INFO"] { #expect(svg.contains(word)) }
  }

  @Test("a ladder says what comes next, and a severity that evidence raised sooner")
  func ladderSaysWhatComes() {
    let words = MoreSamples.ladder.rows.map(\.words).map { $0.replacing("\u{202F}", with: " ") }
    #expect(
      words == [
        "SEVERE, 1 h 28 min", "WARNING, 31 min, CRITICAL in 14 min", "CRITICAL, 2 min, SEVERE in 58 min",
        "7 min, INFO in 8 min",
      ])
  }

  @Test("columns: what hangs below zero is below, and a mark outside is left out")
  func columnsStandOnZero() {
    let parts = [ColumnsChart.Part("in"), ColumnsChart.Part("out", isBelow: true)]
    let chart = ColumnsChart("a", parts: parts, [.init("1", instant: "", [3, 1])])
    let rects = ParsedDrawing(chart.svg()).rects.filter { $0.height > 9.5 }
    #expect(rects.count == 2)
    #expect(rects.map(\.height) == [90, 30])
    #expect(rects[1].y == rects[0].y + rects[0].height)
    #expect(
      !ColumnsChart("a", parts: parts, [.init("1", instant: "", [3, 1])], mark: (1, "today"))
        .svg().contains("today"))
  }

  @Test("a ribbon of two days of minutes stays small")
  func ribbonIsSmall() {
    let slots = (0..<2_880).map { $0 % 200 < 5 ? Tone.warning : .normal }
    let chart = RibbonChart("a", (0..<20).map { .init("metric \($0)", slots) })
    #expect(chart.svg().utf8.count < 90_000)
  }
}
