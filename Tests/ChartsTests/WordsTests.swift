import Testing

@testable import Charts

@Suite("Words of charts")
struct WordsTests {
  @Test(
    "numbers keep the digits that a reader compares",
    arguments: [
      (Quantity.count, 3_225.0, "3 225"), (.count, 84_310, "84.3k"), (.count, 1_240_000, "1.24M"),
      (.count, 0, "0"),
      (.count, -12, "−12"), (.amount("EUR"), 84_310.4, "EUR 84.3k"),
      (.amount("EUR"), 12.5, "EUR 12.5"), (.ratio, 0.9251, "92.5 %"),
      (.ratio, -0.00001, "0.0 %"), (.seconds, 41, "41 s"), (.seconds, 720, "12 min"),
      (.seconds, 12_000, "3 h 20 min"),
      (.seconds, 187_200, "2 d 4 h"), (.seconds, 86_399, "1 d"), (.milliseconds, 842, "842 ms"),
      (.milliseconds, 1_420, "1.42 s"),
      (.number, 1e300, "1.00e300"), (.number, 0.004, "4.00e-3"), (.number, 999_950, "1.00M"),
    ])
  func numbers(quantity: Quantity, value: Double, words: String) {
    #expect(quantity.text(value).replacing("\u{202F}", with: " ") == words)
  }

  @Test("what is no number is a dash", arguments: [nil, Double.nan, .infinity])
  func dashes(value: Double?) { #expect(Quantity.ratio.text(value) == "–") }

  @Test("forbidden and markup characters are neutralised")
  func escapes() {
    #expect(XMLText.escaped("<a b='\"&\">\u{0}\n") == "&lt;a b=&#39;&quot;&amp;&quot;&gt;\u{FFFD} ")
  }

  @Test("a text is cut with an ellipsis only when it is too wide")
  func cuts() {
    #expect(TextWidth.cut("short", to: 100, size: 12) == "short")
    #expect(TextWidth.cut("a rather long label", to: 60, size: 12).hasSuffix("…"))
    #expect(TextWidth.of(TextWidth.cut("a rather long label", to: 60, size: 12), size: 12) <= 60)
    #expect(TextWidth.cut("x", to: 0, size: 12) == "")
  }

  @Test("words of tones are read in any case, unknown words are normal")
  func tones() {
    #expect(Tone(word: "SEVERE") == .severe)
    #expect(Tone(word: "warning") == .warning)
    #expect(Tone(word: "what") == .normal)
    #expect(Tone(word: nil) == .normal)
    #expect(
      Tone.severe > .critical && Tone.critical > .warning && Tone.warning > .info
        && !Tone.unknown.isNotable)
  }

  @Test("messages say the figures")
  func messages() {
    #expect(
      Samples.ribbonFire.message.contains("technical decline rate SEVERE 2\u{202F}h 40\u{202F}min"))
    #expect(Samples.ribbon.message.contains("8 of 9 normal"))
    #expect(
      Samples.bulletsFire.message.contains(
        "SEPA instant 91.0\u{202F}% against a target of 99.5\u{202F}%, CRITICAL"))
    #expect(Samples.map.message.contains("1 without coordinates"))
  }

  @Test(
    "ticks stand at whole hours",
    arguments: [
      (1_795_965_480 - 86_400, 1_795_965_480, 8, "2026-11-28T18:00:00Z"),
      (1_795_965_480 - 21_600, 1_795_965_480, 6, "2026-11-29T10:00:00Z"),
    ])
  func ticks(from: Int, to: Int, count: Int, first: String) {
    let ticks = RibbonChart.ticks(from: from, to: to)
    #expect(ticks.count == count, "\(ticks.map(\.instant))")
    #expect(ticks.first?.instant == first)
    #expect(ticks.allSatisfy { (0...1).contains($0.share) && $0.instant.hasSuffix(":00:00Z") })
    #expect(RibbonChart.ticks(from: 0, to: 0).isEmpty)
  }

  @Test("instants are those of the calendar, leap days and years before 1970 among them")
  func instants() {
    #expect(CalendarText.instant(0) == "1970-01-01T00:00:00Z")
    #expect(CalendarText.instant(1_709_164_799) == "2024-02-28T23:59:59Z")
    #expect(CalendarText.instant(1_709_164_800) == "2024-02-29T00:00:00Z")
    #expect(CalendarText.instant(-1) == "1969-12-31T23:59:59Z")
    #expect(CalendarText.instant(4_107_542_399) == "2100-02-28T23:59:59Z")
    #expect(CalendarText.instant(4_107_542_400) == "2100-03-01T00:00:00Z")
  }
}
