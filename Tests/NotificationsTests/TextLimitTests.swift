import Testing

@testable import Notifications

@Suite("Texts within limits")
struct TextLimitTests {
  /// Characters that end a line, reverse its direction or are invisible.
  private static let controls: [ClosedRange<UInt32>] = [
    0...0x1f, 0x7f...0x9f, 0x2028...0x202e, 0x2066...0x2069,
  ]

  @Test("a one-line text has a blank for each control character and keeps all others")
  func oneLine() {
    for value in UInt32(0)...0x2fff {
      guard let scalar = Unicode.Scalar(value) else { continue }
      var text = String.UnicodeScalarView()
      text.append("a")
      text.append(scalar)
      text.append("b")
      let isControl = Self.controls.contains { $0.contains(value) }
      let expected = isControl ? "a b" : String(text)
      #expect(
        Array(TextLimit.oneLine(String(text)).unicodeScalars) == Array(expected.unicodeScalars),
        "\(String(value, radix: 16))")
    }
  }

  @Test("a text is cut at the end of a character, with a mark, and never exceeds the limit")
  func cut() {
    #expect(TextLimit.cut("abc", to: 3) == "abc")
    #expect(TextLimit.cut("abcd", to: 3) == "ab…")
    #expect(TextLimit.cut("ab😀", to: 4) == "ab😀")
    #expect(TextLimit.cut("ab😀x", to: 4) == "ab…")
    #expect(TextLimit.cut("e\u{301}e\u{301}e\u{301}", to: 5) == "e\u{301}e\u{301}…")
    #expect(TextLimit.cut("<<<", to: 8) { $0 == "<" ? "&lt;" : String($0) } == "&lt;…")
  }
}
