/// What a number measures, and so how a chart writes it: with its unit, a thin space between
/// thousands and no more digits than a reader compares.
package enum Quantity: Sendable, Equatable {
  case count
  /// Money in a currency.
  case amount(String)
  /// A share of 1, written in percent.
  case ratio
  case seconds
  case milliseconds
  /// A bare number.
  case number

  /// The value for people; an en dash for nil and for what is no number.
  package func text(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    switch self {
    case .count, .number: return Self.short(value)
    case .amount(let currency):
      return currency.isEmpty ? Self.short(value) : "\(currency)\u{202F}\(Self.short(value))"
    case .ratio: return Self.decimals(value * 100, 1) + "\u{202F}%"
    case .seconds: return Self.duration(value)
    case .milliseconds:
      return abs(value) < 1000
        ? Self.decimals(value, 0) + "\u{202F}ms" : Self.decimals(value / 1000, 2) + "\u{202F}s"
    }
  }

  /// At most four digits: `3 225`, `84.3k`, `1.24M`.
  static func short(_ value: Double) -> String {
    let size = abs(value)
    for (unit, letter) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
    where size >= unit * 9.9995 || (unit > 1e3 && size >= unit * 0.99995) {
      let scaled = value / unit
      if abs(scaled) >= 1e6 { return scientific(value) }
      return decimals(scaled, abs(scaled) < 10 ? 2 : abs(scaled) < 100 ? 1 : 0) + letter
    }
    if size >= 100 || value == value.rounded() { return decimals(value, 0) }
    if size > 0, size < 0.01 { return scientific(value) }
    return decimals(value, size < 10 ? 2 : 1)
  }

  /// A number with a fixed number of decimals, rounded half away from zero, thousands apart.
  static func decimals(_ value: Double, _ count: Int) -> String {
    let factor = [1.0, 10, 100, 1000][min(max(count, 0), 3)]
    let scaled = (abs(value) * factor).rounded()
    guard scaled < 9e15 else { return scientific(value) }
    let whole = Int(scaled)
    let unit = Int(factor)
    var digits = String(whole / unit)
    var grouped = ""
    while digits.count > 3 {
      grouped = "\u{202F}" + digits.suffix(3) + grouped
      digits = String(digits.dropLast(3))
    }
    grouped = digits + grouped
    if count > 0 {
      let rest = String(whole % unit)
      grouped += "." + String(repeating: "0", count: count - rest.count) + rest
    }
    return value < 0 && whole > 0 ? "−" + grouped : grouped
  }

  /// A length of time in its two largest units: `41 s`, `12 min`, `3 h 20 min`, `2 d 4 h`.
  static func duration(_ seconds: Double) -> String {
    let size = abs(seconds)
    guard size < 1e11 else { return scientific(seconds) + "\u{202F}s" }
    let sign = seconds < 0 ? "−" : ""
    func pair(_ unit: Int, _ name: String, _ part: Int, _ partName: String) -> String {
      let parts = Int((size / Double(part)).rounded())
      let (whole, rest) = parts.quotientAndRemainder(dividingBy: unit / part)
      return sign + "\(whole)\u{202F}\(name)" + (rest > 0 ? " \(rest)\u{202F}\(partName)" : "")
    }
    if size < 9.95 { return decimals(seconds, 1) + "\u{202F}s" }
    if size < 89.5 { return decimals(seconds, 0) + "\u{202F}s" }
    if size < 3_570 { return decimals(seconds / 60, 0) + "\u{202F}min" }
    if size < 86_370 { return pair(3_600, "h", 60, "min") }
    return pair(86_400, "d", 3_600, "h")
  }

  private static func scientific(_ value: Double) -> String {
    guard value.isFinite else { return value < 0 ? "−∞" : "∞" }
    var exponent = 0
    var mantissa = abs(value)
    while mantissa >= 9.9995 && exponent < 400 {
      (mantissa, exponent) = (mantissa / 10, exponent + 1)
    }
    while mantissa > 0, mantissa < 0.99995, exponent > -400 {
      (mantissa, exponent) = (mantissa * 10, exponent - 1)
    }
    let rounded = Int((mantissa * 100).rounded())
    let part = rounded % 100
    return (value < 0 ? "−" : "") + "\(rounded / 100).\(part < 10 ? "0" : "")\(part)e\(exponent)"
  }
}
