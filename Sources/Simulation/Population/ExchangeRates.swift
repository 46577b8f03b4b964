package import PayopsCore

/// Dated rates to the base currency, as in `fx_rates`.
package struct ExchangeRates: Sendable, Equatable {
  /// Rates by currency: first day and rate scaled by 10^9, ascending.
  private var days: [[Int]]
  private var rates: [[Int]]

  /// Without rates; amounts in the base currency need none.
  package init() {
    days = Currency.codes.map { _ in [] }
    rates = days
  }

  /// Adds a rate; rates of a currency come in ascending order of days.
  ///
  /// - Parameters:
  ///   - currency: ISO 4217 code; unknown ones are ignored.
  ///   - from: first day on which the rate holds.
  ///   - rate: units of the base currency for one unit, as a decimal text.
  package mutating func add(currency: String, from date: CivilDate, rate: String) {
    guard let number = Currency.codes.firstIndex(of: currency),
      let scaled = ExchangeRates.billionths(rate)
    else { return }
    days[number].append(date.daysSinceEpoch)
    rates[number].append(scaled)
  }

  /// The amount in ten-thousandths of the base currency, rounded half away from zero; nil when
  /// there is no rate.
  func baseAmount(cents: Int, currency: Currency, day: Int) -> Int? {
    if currency == .eur { return cents * 100 }
    let number = Int(currency.rawValue)
    let starts = days[number]
    guard !starts.isEmpty else { return nil }
    var position = starts.count - 1
    while position > 0, starts[position] > day { position -= 1 }
    // Hundredths times billionths are 10^-11; ten-thousandths are 10^-4.
    let product = cents.multipliedFullWidth(by: rates[number][position])
    guard product.high >= 0, product.high < 10_000_000 else { return nil }
    let (quotient, remainder) = 10_000_000.dividingFullWidth(product)
    return remainder >= 5_000_000 ? quotient + 1 : quotient
  }

  private static func billionths(_ text: String) -> Int? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let whole = Int(parts[0]) else { return nil }
    let fraction = parts.count == 2 ? String(parts[1]) : ""
    let padded = fraction.prefix(9) + String(repeating: "0", count: max(0, 9 - fraction.count))
    guard let part = Int(padded) else { return nil }
    let (value, overflow) = whole.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? nil : value + part
  }
}
