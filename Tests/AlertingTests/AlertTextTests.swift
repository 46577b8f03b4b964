import PayopsCore
import Testing

@testable import Alerting

@Suite("Spans, patterns and hours of alerts")
struct AlertTextTests {
  @Test(
    "spans of time are read",
    arguments: [
      ("90m", 5400), ("2h", 7200), ("1d", 86_400), ("1d12h", 129_600), ("2w", 1_209_600),
      ("45s", 45), ("1h0m5s", 3605), ("3660d", 316_224_000),
    ] as [(String, Int)])
  func span(text: String, seconds: Int) {
    #expect(TimeSpan.parse(text) == .seconds(seconds))
  }

  @Test(
    "a text that is not a span is refused",
    arguments: [
      "", "2", "h", "2 h", "-2h", "+2h", "1.5h", "2x", "0m", "30m1h", "1h1h", "3661d", "٣h", "2H",
      "99999999999999999999d", "9223372036854775807w", "1h-1m",
    ])
  func noSpan(text: String) {
    #expect(TimeSpan.parse(text) == nil)
  }

  @Test(
    "spans are written in their two largest units",
    arguments: [
      (-5, "0s"), (0, "0s"), (45, "45s"), (60, "1m"), (725, "12m 5s"), (3600, "1h"),
      (7505, "2h 5m"), (3605, "1h"), (86_400, "1d"), (273_600, "3d 4h"), (8_640_000, "100d"),
    ] as [(Int64, String)])
  func written(seconds: Int64, text: String) {
    #expect(TimeSpan.text(seconds: seconds) == text)
  }

  @Test(
    "patterns are translated for LIKE and back",
    arguments: [
      ("*", "%"), ("job_*", #"job\_%"#), ("job_?", #"job\__"#), ("100%", #"100\%"#),
      (#"a\b"#, #"a\\b"#), (#"\*"#, #"\\%"#), ("", ""), ("Zürich", "Zürich"),
    ])
  func pattern(text: String, like: String) {
    #expect(AlertPattern.like(text) == like)
    #expect(AlertPattern.text(like) == text)
  }

  @Test("a range of hours is read unless it ends before it begins")
  func hours() {
    #expect(ClockRange("22:00-24:00")?.from == "22:00")
    #expect(ClockRange("22:00-24:00")?.to == "24:00")
    #expect(ClockRange("00:00-00:01") != nil)
    for text in [
      "22:00-06:00", "08:00-08:00", "8:00-9:00", "08:00", "08:00-24:01", "08:60-09:00", "",
      "08:00-09:00-10:00", "24:00-24:00", "aa:bb-cc:dd", "-08:00-09:00", "25:00-26:00",
    ] {
      #expect(ClockRange(text) == nil, "\(text)")
    }
  }
}
