internal import Foundation

extension Double {
  /// The number with a comma between thousands and some decimals: `1,234.50`.
  ///
  /// - Parameter digits: decimals, 0 or more
  package func grouped(digits: Int) -> String {
    let parts = String(format: "%.\(digits)f", abs(self))
      .split(separator: ".", omittingEmptySubsequences: false)
    let whole = Array(parts[0])
    var text = self < 0 ? "-" : ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return parts.count > 1 ? "\(text).\(parts[1])" : text
  }

  /// The number as an amount of a currency: `1,234.50 EUR`.
  ///
  /// - Parameter currency: code of the currency
  package func amount(in currency: String) -> String { "\(grouped(digits: 2)) \(currency)" }
}
