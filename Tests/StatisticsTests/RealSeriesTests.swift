import Foundation
import Statistics
import Testing

/// The folder of real data; nil when `PAYOPS_DATA` is not set.
private let realSeries: URL? = ProcessInfo.processInfo.environment["PAYOPS_DATA"].map {
  URL(filePath: $0, directoryHint: .isDirectory).appending(path: "series")
}

@Suite("Real series: presence")
struct RealSeriesPresenceTests {
  @Test("the test run says when real series are left out, and fails when their folder is wrong")
  func presence() {
    guard let realSeries else {
      print("PAYOPS_DATA is not set: real series are not scored")
      return
    }
    for name in RealSeriesTests.names + ["windows.json"] {
      let path = realSeries.appending(path: name).path(percentEncoded: false)
      #expect(FileManager.default.fileExists(atPath: path), "\(path) is missing")
    }
  }
}

// Real files are not part of the project; where PAYOPS_DATA names them, these tests are required.
@Suite("Real series", .enabled(if: realSeries != nil), .timeLimit(.minutes(5)))
struct RealSeriesTests {
  static let names = [
    "ec2_request_latency_system_failure.csv", "machine_temperature_system_failure.csv",
    "nyc_taxi.csv",
  ]

  @Test("the series scorer beats the windowed z-score on real series, by the rule of the benchmark")
  func score() throws {
    let folder = try #require(realSeries)
    let labels = try JSONDecoder().decode(
      [String: [[String]]].self, from: Data(contentsOf: folder.appending(path: "windows.json")))
    var files: [AnomalyBenchmark.File] = []
    var plain: [AnomalyBenchmark.File] = []
    for name in Self.names {
      let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      var times: [Substring] = []
      var values: [Double] = []
      for line in text.split(whereSeparator: \.isNewline).dropFirst() {
        let fields = line.split(separator: ",")
        times.append(fields[0].prefix(19))
        values.append(try #require(Double(fields[1])))
      }
      // Times of one format sort as text.
      let windows = try #require(labels[name]).map { limits in
        let inside = times.indices.filter {
          times[$0] >= limits[0].prefix(19) && times[$0] <= limits[1].prefix(19)
        }
        return (inside.first ?? 0)...(inside.last ?? 0)
      }
      var scorer = SeriesScorer()
      let scores = zip(times, values).map { time, value in
        scorer.score(value, atSeconds: Self.seconds(time))
      }
      files.append(.init(scores: scores, windows: windows))
      plain.append(.init(scores: AnomalyBenchmark.windowedGaussian(values), windows: windows))
      let own = AnomalyBenchmark.score([files[files.count - 1]])
      print(
        "\(name): \(own.score) alone, windowed z \(AnomalyBenchmark.score([plain[plain.count - 1]]).score)"
      )
    }
    let (score, threshold) = AnomalyBenchmark.score(files)
    let reference = AnomalyBenchmark.score(plain).score
    print("three real series: \(score) at threshold \(threshold), windowed z \(reference)")
    #expect(score > reference)
  }

  /// Seconds of a time such as 2014-07-01 00:30:00.
  private static func seconds(_ time: Substring) -> Double {
    let numbers = time.split { !$0.isNumber }.compactMap { Int($0) }
    guard numbers.count == 6 else { return .nan }
    // Days from civil (Hinnant): years begin in March.
    let year = numbers[1] <= 2 ? numbers[0] - 1 : numbers[0]
    let month = (numbers[1] + 9) % 12
    let days =
      365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + numbers[2] - 719_469
    return Double(days * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5])
  }
}
