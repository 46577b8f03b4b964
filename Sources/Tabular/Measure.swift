internal import Foundation

/// What a column measures: how its values are written for people. CSV and JSON have the values as
/// the database gave them.
package enum Measure: Sendable, Equatable {
  /// The value as it is.
  case plain
  /// A whole number, with a comma between thousands.
  case count
  /// A share of 1, shown in percent.
  case ratio
  /// A difference of two shares that is given in percentage points.
  case points
  /// Money with two decimals; the currency is nil where another column has it.
  case amount(String?)
  /// A number in a unit that the name of the column does not say.
  case unit(String)
  /// A number whose measure is named in another column: ratio, count, amount or a unit.
  case named(by: String, currency: String?)

  /// The name of a column with its unit.
  package func heading(_ name: String) -> String {
    switch self {
    case .amount(let currency?): "\(name), \(currency)"
    case .unit(let unit): "\(name), \(unit)"
    case .plain, .count, .ratio, .points, .amount(nil), .named: name
    }
  }

  /// A value for people.
  ///
  /// - Parameters:
  ///   - value: the value as the database gave it; a text that is no number stays as it is
  ///   - other: the values of the row by column
  package func shown(_ value: String, _ other: (String) -> String?) -> String {
    switch self {
    case .plain, .unit: return value
    case .count: return Self.grouped(value, decimals: 0) ?? value
    case .amount: return Self.grouped(value, decimals: 2) ?? value
    case .ratio: return Double(value).map { String(format: "%.2f %%", $0 * 100) } ?? value
    case .points: return Double(value).map { String(format: "%+.2f points", $0) } ?? value
    case .named(let column, let currency):
      switch other(column) {
      case "ratio": return Measure.ratio.shown(value, other)
      case "count": return Measure.count.shown(value, other)
      case "amount":
        return Measure.amount(nil).shown(value, other) + (currency.map { " \($0)" } ?? "")
      case let unit?:
        return (Double(value).map { String(format: "%.1f", $0) } ?? value) + " \(unit)"
      case nil: return value
      }
    }
  }

  /// A decimal number with a comma between thousands, rounded half away from zero by its digits: a
  /// Double would lose those of large amounts.
  ///
  /// - Parameters:
  ///   - text: digits with a sign and a point, as a server writes a DECIMAL
  ///   - decimals: how many decimals are kept
  /// - Returns: the number; nil for any other text
  package static func grouped(_ text: String, decimals: Int) -> String? {
    let isNegative = text.hasPrefix("-")
    let parts = text.dropFirst(isNegative ? 1 : 0).split(
      separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let first = parts.first, !first.isEmpty,
      parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } })
    else { return nil }
    let fraction = parts.count > 1 ? Array(parts[1].utf8) : []
    var digits = Array(first.utf8)
    digits += fraction.prefix(decimals)
    digits += [UInt8](repeating: 48, count: max(0, decimals - fraction.count))
    if fraction.count > decimals, fraction[decimals] >= 53 {
      var place = digits.count - 1
      while place >= 0, digits[place] == 57 {
        digits[place] = 48
        place -= 1
      }
      if place >= 0 { digits[place] += 1 } else { digits.insert(49, at: 0) }
    }
    let whole = digits.dropLast(decimals)
    var result = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { result.append(",") }
      result.unicodeScalars.append(Unicode.Scalar(digit))
    }
    if decimals > 0 { result += "." + String(decoding: digits.suffix(decimals), as: UTF8.self) }
    return (isNegative && digits.contains { $0 != 48 } ? "-" : "") + result
  }
}
