import Testing

@testable import Ingest

@Suite("Text for LOAD DATA")
struct LoadTextTests {
  @Test("LOAD DATA text has every millisecond exactly, and none where seconds suffice")
  func times() {
    for milliseconds in 0..<1000 {
      var time = CivilTime(year: 1999, month: 2, day: 3)
      (time.hour, time.minute, time.second) = (4, 5, 6)
      time.microsecond = milliseconds * 1000 + 999
      let digits = String(String(1000 + milliseconds).dropFirst())
      var text: [UInt8] = []
      LoadText.append(time, hasMilliseconds: true, to: &text)
      #expect(String(decoding: text, as: UTF8.self) == "1999-02-03 04:05:06.\(digits)")
      text = []
      LoadText.append(time, hasMilliseconds: false, to: &text)
      #expect(String(decoding: text, as: UTF8.self) == "1999-02-03 04:05:06")
    }
  }

  @Test("LOAD DATA text escapes what would end a field or a line, and nothing else")
  func escapes() {
    for byte in UInt8.min...UInt8.max {
      var text: [UInt8] = []
      LoadText.append([byte], to: &text)
      let expected: [UInt8] =
        switch byte {
        case UInt8(ascii: "\t"): Array(#"\t"#.utf8)
        case UInt8(ascii: "\n"): Array(#"\n"#.utf8)
        case UInt8(ascii: "\r"): Array(#"\r"#.utf8)
        case UInt8(ascii: "\\"): Array(#"\\"#.utf8)
        default: [byte]
        }
      #expect(text == expected)
    }
  }
}
