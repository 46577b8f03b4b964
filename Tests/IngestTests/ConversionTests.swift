import PayopsCore
import Testing

@testable import Ingest

@Suite("Conversion of fields")
struct ConversionTests {
  private func convert(
    _ text: String, _ column: ColumnMapping = ColumnMapping(from: "x", to: "y"),
    kind: ImportTarget.ColumnKind, change: (inout FileMapping) -> Void = { _ in }
  ) throws -> String {
    var file = FileMapping(target: .transactions, columns: [])
    change(&file)
    var converter = try FieldConverter(column, kind: kind, file: file)
    var output: [UInt8] = []
    let outcome = Array(text.utf8).withUnsafeBufferPointer { converter.convert($0, into: &output) }
    switch outcome {
    case .written: return String(decoding: output, as: UTF8.self)
    case .null: return "NULL"
    case .wrong(let reason):
      #expect(output == [])
      return "wrong: " + reason
    }
  }

  @Test(
    "decimals are exact or refused",
    arguments: [
      ("147.8", "147.8"), ("-0.0001", "-0.0001"), ("+5", "5"), ("1.50000", "1.5000"),
      (
        "1.00001",
        "wrong: the number has more than 4 decimals; `round` in the mapping rounds them"
      ),
      ("999999999999999.9999", "999999999999999.9999"),
      ("1000000000000000", "wrong: the number has more than 15 digits"),
      ("0000000000000000001", "0000000000000000001"), ("", "NULL"),
      ("1e5", "wrong: this is not a decimal number"), (".5", "wrong: this is not a decimal number"),
      ("5.", "wrong: this is not a decimal number"), ("1,5", "wrong: this is not a decimal number"),
      ("-", "wrong: this is not a decimal number"), ("NaN", "wrong: this is not a decimal number"),
    ])
  func decimals(text: String, result: String) throws {
    #expect(try convert(text, kind: .decimal) == result)
  }

  @Test(
    "decimals in the notation of other countries are read",
    arguments: [
      ("1.234.567,89", "1234567.89"), ("12,5", "12.5"),
      ("1.23", "wrong: this is not a decimal number"),
      ("1234.567", "wrong: this is not a decimal number"), ("1.234", "1234"),
    ])
  func foreignDecimals(text: String, result: String) throws {
    let converted = try convert(text, kind: .decimal) {
      $0.decimalSeparator = ","
      $0.groupSeparator = "."
    }
    #expect(converted == result)
  }

  @Test(
    "decimals are rounded half away from zero when the mapping says so",
    arguments: [
      ("253.70000000000002", 2, "253.70"), ("253.69999999999999", 2, "253.70"),
      ("0.005", 2, "0.01"), ("0.0049999", 2, "0.00"), ("-0.005", 2, "-0.01"),
      ("9.995", 2, "10.00"), ("-99.999", 2, "-100.00"), ("1.5", 0, "2"), ("1.4", 0, "1"),
      ("12.3", 2, "12.3"), ("12", 2, "12"), ("1.00005", 4, "1.0001"),
      ("999999999999999.99995", 4, "wrong: the number has more than 15 digits"),
      ("1.0x", 2, "wrong: this is not a decimal number"),
    ])
  func rounding(text: String, decimals: Int, result: String) throws {
    var column = ColumnMapping(from: "x", to: "y")
    column.round = decimals
    #expect(try convert(text, column, kind: .decimal) == result)
  }

  @Test(
    "prefixes of a value are removed when the mapping names them",
    arguments: [
      ("€ 12.50", "12.50"), ("EUR12.50", "12.50"), ("-€12.50", "-12.50"), ("12.50", "12.50"),
      ("EURO12", "12"), ("$12", "wrong: this is not a decimal number"),
      ("€€12", "wrong: this is not a decimal number"), ("€", "wrong: this is not a decimal number"),
    ])
  func strip(text: String, result: String) throws {
    var column = ColumnMapping(from: "x", to: "y")
    column.strip = ["€", "EUR", "EURO"]
    #expect(try convert(text, column, kind: .decimal) == result)
  }

  @Test(
    "years of two digits need their century",
    arguments: [
      ("05.12.70", "1970-12-05"), ("05.12.69", "2069-12-05"), ("05.12.00", "2000-12-05"),
      ("29.02.00", "2000-02-29"),
      ("05.12.1970", "wrong: this is not a time in a form that the mapping names"),
    ])
  func shortYears(text: String, result: String) throws {
    var column = ColumnMapping(from: "x", to: "y")
    column.formats = ["dd.MM.yy"]
    column.twoDigitYearsFrom = 1970
    #expect(try convert(text, column, kind: .date) == result)
    #expect(
      try convert("05.12.70", kind: .date)
        == "wrong: the year has two digits; a format with yy and twoDigitYearsFrom reads it")
  }

  @Test(
    "whole numbers outside their range are refused",
    arguments: [
      ("0", "0"), ("2147483647", "2147483647"),
      ("2147483648", "wrong: the number is out of range"),
      ("-1", "wrong: the number is out of range"), ("1.0", "wrong: this is not a whole number"),
      ("99999999999999999999", "wrong: this is not a whole number"),
      ("x", "wrong: this is not a whole number"),
    ])
  func integers(text: String, result: String) throws {
    #expect(try convert(text, kind: .integer(0...2_147_483_647)) == result)
  }

  @Test("the least and greatest 64-bit numbers are read")
  func extremes() {
    for (text, value) in [
      ("-9223372036854775808", Int64.min), ("9223372036854775807", Int64.max),
      ("9223372036854775808", nil), ("-9223372036854775809", nil), ("+", nil), ("", nil),
    ] {
      #expect(Array(text.utf8).withUnsafeBufferPointer { NumberText.integer($0) } == value)
    }
  }

  @Test(
    "times are converted to UTC",
    arguments: [
      ("2025-07-12 13:45:00", "UTC", "2025-07-12 13:45:00.000"),
      ("2025-07-12T13:45:00.123456+02:00", "UTC", "2025-07-12 11:45:00.123"),
      ("2025-07-12T13:45:00Z", "Europe/Berlin", "2025-07-12 13:45:00.000"),
      ("2025-07-12 13:45:00", "Europe/Berlin", "2025-07-12 11:45:00.000"),
      ("2025-01-12 13:45:00", "Europe/Berlin", "2025-01-12 12:45:00.000"),
      // The clocks skip 02:00 to 03:00 and repeat 02:00 to 03:00.
      ("2025-03-30 01:59:59", "Europe/Berlin", "2025-03-30 00:59:59.000"),
      (
        "2025-03-30 02:30:00", "Europe/Berlin",
        "wrong: this time is skipped by the clocks of its time zone"
      ),
      ("2025-03-30 03:00:00", "Europe/Berlin", "2025-03-30 01:00:00.000"),
      ("2025-10-26 02:30:00", "Europe/Berlin", "2025-10-26 00:30:00.000"),
      ("2025-10-26 03:00:00", "Europe/Berlin", "2025-10-26 02:00:00.000"),
      ("2025-07-12 00:00:00", "Asia/Kolkata", "2025-07-11 18:30:00.000"),
      ("2024-02-29", "UTC", "2024-02-29 00:00:00.000"),
      ("2023-02-29", "UTC", "wrong: this is not a time in a form that the mapping names"),
      ("2025-07-12 24:00:00", "UTC", "wrong: this is not a time in a form that the mapping names"),
      ("1969-12-31 23:59:59", "UTC", "1969-12-31 23:59:59.000"),
    ])
  func times(text: String, zone: String, result: String) throws {
    #expect(try convert(text, kind: .milliseconds) { $0.timeZone = zone } == result)
  }

  @Test("local times agree with the time zone data hour by hour through the changes of the clock")
  func zoneSweep() throws {
    var clock = try #require(CachedZoneClock(identifier: "America/New_York"))
    var fresh = try #require(CachedZoneClock(identifier: "America/New_York"))
    for hour in 0..<(24 * 370) {
      let local = 1_735_689_600 + Int64(hour) * 3600
      let swept = clock.utc(local: local)
      fresh = try #require(CachedZoneClock(identifier: "America/New_York"))
      #expect(swept == fresh.utc(local: local))
    }
  }

  @Test("epochs, steps and custom formats are read")
  func otherTimes() throws {
    var column = ColumnMapping(from: "x", to: "y")
    column.type = .epoch
    #expect(try convert("-1", column, kind: .seconds) == "1969-12-31 23:59:59")
    column.unit = "milliseconds"
    #expect(try convert("1752327900123", column, kind: .milliseconds) == "2025-07-12 13:45:00.123")
    #expect(try convert("-1", column, kind: .milliseconds) == "1969-12-31 23:59:59.999")
    column = ColumnMapping(from: "x", to: "y")
    column.type = .step
    column.origin = "2017-01-01T00:00:00Z"
    column.stepSeconds = 86_400
    #expect(try convert("149", column, kind: .seconds) == "2017-05-30 00:00:00")
    #expect(try convert("99999999999", column, kind: .seconds) == "wrong: the time is out of range")
    column = ColumnMapping(from: "x", to: "y")
    column.formats = ["d.M.yyyy H:mm", "MM/dd/yyyy"]
    #expect(try convert("5.12.2025 7:08", column, kind: .minute) == "2025-12-05 07:08:00")
    #expect(try convert("12/05/2025", column, kind: .minute) == "2025-12-05 00:00:00")
    #expect(
      try convert("2025-07-12 13:45:30", kind: .minute)
        == "wrong: the time is not on a whole minute")
  }

  @Test("texts are checked for length and alphabet, and escaped for LOAD DATA")
  func texts() throws {
    #expect(try convert("a\tb\\c\nd", kind: .text(9)) == "a\\tb\\\\c\\nd")
    #expect(try convert("żółw", kind: .text(4)) == "żółw")
    #expect(try convert("żółwi", kind: .text(4)) == "wrong: the text is longer than 4 characters")
    #expect(try convert("ż", kind: .ascii(4)) == "wrong: the text is not ASCII")
    #expect(try convert("  x ", kind: .ascii(4)) == "x")
  }

  @Test("lists of values, words for NULL, defaults and prefixes are applied")
  func lists() throws {
    var column = ColumnMapping(from: "x", to: "y")
    column.values = ["True": "card_present", "False": "ecommerce", "none": ""]
    #expect(try convert("True", column, kind: .ascii(24)) == "card_present")
    #expect(try convert("none", column, kind: .ascii(24)) == "NULL")
    #expect(
      try convert("Maybe", column, kind: .ascii(24))
        == "wrong: the value is not one of False, True, none")
    column.otherwise = .keep
    #expect(try convert("Maybe", column, kind: .ascii(24)) == "Maybe")
    column.default = "branch"
    #expect(try convert("-", column, kind: .ascii(24)) { $0.nullWords = ["-"] } == "branch")
    column = ColumnMapping(from: "x", to: "y")
    column.prefix = "store "
    #expect(try convert("7", column, kind: .text(7)) == "store 7")
    #expect(try convert("yes", kind: .boolean) == "1")
    #expect(try convert("F", kind: .boolean) == "0")
    #expect(try convert("2", kind: .boolean) == "wrong: this is neither true nor false")
  }
}
