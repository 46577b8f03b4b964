/// Writes values in the form that LOAD DATA reads by default: tabs, newlines, backslash escapes.
enum LoadText {
  /// The text for NULL.
  static let null: [UInt8] = [0x5c, 0x4e]

  /// Appends text, with tab, newline, carriage return and backslash escaped.
  static func append(_ bytes: some Collection<UInt8>, to output: inout [UInt8]) {
    for byte in bytes {
      switch byte {
      case 0x09: output.append(contentsOf: [0x5c, 0x74])
      case 0x0a: output.append(contentsOf: [0x5c, 0x6e])
      case 0x0d: output.append(contentsOf: [0x5c, 0x72])
      case 0x5c: output.append(contentsOf: [0x5c, 0x5c])
      default: output.append(byte)
      }
    }
  }

  /// Appends a whole number.
  static func append(_ value: Int64, to output: inout [UInt8]) {
    output.append(contentsOf: String(value).utf8)
  }

  /// Appends a time as `YYYY-MM-DD HH:MM:SS`, with milliseconds where wanted.
  static func append(_ time: CivilTime, hasMilliseconds: Bool, to output: inout [UInt8]) {
    func two(_ value: Int, _ mark: Character) {
      output.append(UInt8(0x30 + value / 10))
      output.append(UInt8(0x30 + value % 10))
      if let byte = mark.asciiValue, byte != 0 { output.append(byte) }
    }
    two(time.year / 100, "\0")
    two(time.year % 100, "-")
    two(time.month, "-")
    two(time.day, " ")
    two(time.hour, ":")
    two(time.minute, ":")
    two(time.second, "\0")
    guard hasMilliseconds else { return }
    let milliseconds = time.microsecond / 1000
    output.append(UInt8(ascii: "."))
    output.append(UInt8(0x30 + milliseconds / 100))
    two(milliseconds % 100, "\0")
  }
}
