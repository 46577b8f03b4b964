import Foundation
import Statistics
import Testing

@Suite("Series scorer")
struct SeriesScorerTests {
  private func scores(_ series: SyntheticSeries) -> [Double] {
    var scorer = SeriesScorer()
    return zip(series.seconds, series.values).map { scorer.score($1, atSeconds: Double($0)) }
  }

  @Test("the series scorer beats the windowed z-score on every family of synthetic series")
  func families() throws {
    var files: [AnomalyBenchmark.File] = []
    var plain: [AnomalyBenchmark.File] = []
    // A debug build is slow: one seed of each family, not used while designing the scorer.
    for (number, family) in SyntheticSeries.Family.allCases.enumerated() {
      let series = SyntheticSeries(family, seed: 303 + number % 4, maximumCount: 1800)
      files.append(.init(scores: scores(series), windows: series.windows))
      plain.append(
        .init(scores: AnomalyBenchmark.windowedGaussian(series.values), windows: series.windows))
    }
    let (score, threshold) = AnomalyBenchmark.score(files)
    let reference = AnomalyBenchmark.score(plain).score
    #expect(score > 50 && score > reference + 15, "\(score), windowed z \(reference)")
    #expect((0.35...0.6).contains(threshold), "\(threshold)")
  }

  /// How many seeds of each family are compared; none by default, since it takes minutes.
  static let seeds =
    ProcessInfo.processInfo.environment["PAYOPS_SERIES_SEEDS"].flatMap { Int($0) } ?? 0

  static let firstSeed =
    ProcessInfo.processInfo.environment["PAYOPS_SERIES_FIRST_SEED"].flatMap { Int($0) } ?? 500

  @Test(
    "the series scorer beats plain detectors over many seeds; PAYOPS_SERIES_SEEDS=3 runs it",
    .enabled(if: seeds > 0))
  func comparison() throws {
    let plain = ["mean_sigma", "robust_z", "ewma", "seasonal", "autoregressive"]
    var files: [String: [AnomalyBenchmark.File]] = [:]
    for family in SyntheticSeries.Family.allCases {
      for seed in 0..<Self.seeds {
        let series = SyntheticSeries(family, seed: Self.firstSeed + seed)
        func add(_ name: String, _ scores: [Double]) {
          files[name, default: []].append(.init(scores: scores, windows: series.windows))
        }
        add("series scorer", scores(series))
        add("windowed z", AnomalyBenchmark.windowedGaussian(series.values))
        for name in plain {
          var detector = try DetectorConfiguration(name).makeDetector()
          add(
            name,
            zip(series.seconds, series.values).map { second, value in
              let weekday = (second / 86_400 + 3) % 7
              let slot = SeasonSlot(
                dayKind: weekday >= 5 ? .weekend : .business, weekday: weekday,
                hour: second / 3600 % 24)
              let score = abs(detector.judge(SeriesPoint(value, slot: slot)).score ?? 0)
              return score.isFinite ? score / (score + 1) : 1
            })
        }
      }
    }
    for (name, files) in files.sorted(by: { $0.key < $1.key }) {
      print("\(name): \(AnomalyBenchmark.score(files).score) of \(files.count) series")
    }
    let best = try #require(files["series scorer"])
    for threshold in [0.45, 0.5, 0.55] {
      var (found, incidents, alarms, points) = (0, 0, 0, 0)
      for file in best {
        incidents += file.windows.count
        points += file.scores.count
        for window in file.windows where file.scores[window].contains(where: { $0 >= threshold }) {
          found += 1
        }
        for index in AnomalyBenchmark.probation(file.scores.count)..<file.scores.count
        where file.scores[index] >= threshold && !file.windows.contains(where: { $0 ~= index }) {
          alarms += 1
        }
      }
      print("from \(threshold): \(found) of \(incidents), \(alarms) false in \(points) points")
    }
    for (name, others) in files where name != "series scorer" {
      #expect(AnomalyBenchmark.score(best).score > AnomalyBenchmark.score(others).score, "\(name)")
    }
  }

  @Test("a decoded scorer continues where its state was encoded")
  func restored() throws {
    let series = SyntheticSeries(.dailyDip, seed: 3)
    let expected = Array(scores(series)[..<900])
    var scorer = SeriesScorer()
    var states = 0
    for index in expected.indices {
      if index % 90 == 37 {
        let state = try JSONEncoder().encode(scorer)
        states = max(states, state.count)
        scorer = try JSONDecoder().decode(SeriesScorer.self, from: state)
      }
      #expect(
        scorer.score(series.values[index], atSeconds: Double(series.seconds[index]))
          == expected[index])
    }
    #expect(states < 60_000 && expected.contains { $0 > 0.4 })
  }

  @Test("scores depend neither on later points nor on the unit")
  func causal() {
    let series = SyntheticSeries(.heavyTails, seed: 1)
    let whole = scores(series)
    var scorer = SeriesScorer()
    for index in 0..<700 {
      let score = scorer.score(series.values[index], atSeconds: Double(series.seconds[index]))
      #expect(score == whole[index])
    }
    var scaled = SeriesScorer()
    for index in 0..<700 {
      let score = scaled.score(
        series.values[index] * 1024, atSeconds: Double(series.seconds[index]))
      #expect(score == whole[index])
    }
  }

  @Test("the scorer gives one alarm per incident, skips gaps, and survives constants and extremes")
  func edges() {
    var random = SplitMix(seed: 4)
    var scorer = SeriesScorer()
    var alarms: [Int] = []
    for index in 0..<1500 {
      let isIncident = (1000..<1100).contains(index)
      let value = StreamingDetectorTests.normal(&random) + (isIncident ? 12 : 0)
      let score = scorer.score(index % 97 == 5 ? .nan : value, atSeconds: Double(index * 300))
      #expect((0..<1).contains(score))
      if index % 97 == 5 { #expect(score == 0) }
      if score >= SeriesScorer.standardThreshold, index >= 200 { alarms.append(index) }
    }
    #expect(alarms.contains(1000))
    #expect(alarms.count { (1003..<1100).contains($0) } <= 2, "\(alarms)")
    #expect(alarms.count <= 8, "\(alarms)")

    var constant = SeriesScorer()
    for index in 0..<600 {
      #expect(constant.score(7, atSeconds: Double(index)) < SeriesScorer.standardThreshold)
    }
    // A series that never moved shows only how rare a move is, not how far it might go.
    #expect(constant.score(8, atSeconds: 600) > 0.4)
    for value in [1e149, -1e149, 0, 1e-300, .infinity, 1e300] {
      #expect((0...1).contains(constant.score(value, atSeconds: 601)))
    }
    #expect((0...1).contains(constant.score(7, atSeconds: -1e9)))
  }

  @Test("the tail of a power law is estimated from ranks and ratios")
  func tail() {
    var random = SplitMix(seed: 11)
    var rarity = TailRarity()
    for _ in 0..<20_000 {
      rarity.add(pow(Double.random(in: 1e-12...1, using: &random), -0.5))
    }
    // P(U > u) = u^−2.
    for size in [50.0, 200, 1000] {
      let estimate = log10(rarity.probability(above: size))
      #expect(abs(estimate + 2 * log10(size)) < 0.9, "\(size)")
      #expect(abs(rarity.size(at: rarity.probability(above: size)) / size - 1) < 1e-9)
    }
    #expect(rarity.probability(above: 0.5) == 1, "an ordinary size is not rare at all")
    #expect(TailRarity().probability(above: 3) == 1)
  }

  @Test("a tail estimate keeps its meaning in a long series, and forgets an old giant")
  func longSeries() {
    var random = SplitMix(seed: 12)
    var rarity = TailRarity(capacity: 40, horizon: 5000)
    var rare = 0
    for index in 0..<60_000 {
      // Exponential: a tail that is neither bounded nor heavy.
      let size = -log(Double.random(in: 1e-300...1, using: &random))
      if index >= 10_000, rarity.probability(above: size) < 0.001 { rare += 1 }
      rarity.add(size)
    }
    // One in a thousand of 50,000; the power law makes it somewhat fewer.
    #expect((15...75).contains(rare), "\(rare)")
    rarity.add(1e6)
    for _ in 0..<10_000 { rarity.add(Double.random(in: 0...1, using: &random)) }
    #expect(rarity.size(at: 1e-4) < 1000)
  }
}

@Suite("Benchmark rule")
struct AnomalyBenchmarkTests {
  @Test("the benchmark gives 100 to a perfect detector and 0 to a silent one")
  func extremes() {
    var scores = [Double](repeating: 0, count: 1000)
    let windows = [300...399, 700...799]
    let nothing = AnomalyBenchmark.score([.init(scores: scores, windows: windows)])
    #expect(nothing.score == 0)
    scores[300] = 0.9
    scores[700] = 0.8
    let all = AnomalyBenchmark.score([.init(scores: scores, windows: windows)])
    #expect(abs(all.score - 100) < 1e-9 && all.threshold == 0.8)
  }

  @Test("the benchmark weighs late findings and false alarms by its rule")
  func weights() {
    func score(_ found: [Int]) -> Double {
      var scores = [Double](repeating: 0, count: 1000)
      for index in found { scores[index] = 1 }
      return AnomalyBenchmark.score([.init(scores: scores, windows: [300...399])]).score
    }
    func sigmoid(_ x: Double) -> Double { 2 / (1 + exp(5 * x)) - 1 }
    // In the middle of the window 50 of its 100 points remain.
    #expect(abs(score([350]) - 50 * (1 + sigmoid(-0.5) / sigmoid(-1))) < 1e-9)
    // A false alarm before any window costs 0.11 of 2 points; in the probation nothing.
    #expect(abs(score([200, 300]) - (100 - 5.5)) < 1e-9)
    #expect(score([100, 300]) == 100)
    // Just behind a window one costs little, later the full weight.
    #expect(abs(score([300, 400]) - (100 + 5.5 * sigmoid(1.0 / 99))) < 1e-9)
    #expect(abs(score([300, 900]) - (100 - 5.5)) < 1e-9)
    // For a file whose findings are not worth their false alarms, silence scores best.
    #expect(score([200, 210, 220]) == 0)
  }
}
