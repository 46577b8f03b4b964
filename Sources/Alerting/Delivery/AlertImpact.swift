internal import Foundation
internal import MariaDBClient
internal import Tabular

/// What an alert concerns, as its notifications say it.
struct AlertImpact: Sendable, Equatable {
  /// Where most of it happens, `dimension=member`; nil when nowhere in particular.
  var cause: String?
  /// The payments concerned; nil when the alert is not about payments.
  var payments: Int?
  /// Their amount with the currency; nil as above.
  var value: String?
  /// Their customers; nil as above, and for missing payments.
  var customers: Int?

  /// Reads the columns of a row about an alert.
  ///
  /// - Parameters:
  ///   - row: `cause`, `payments_affected`, `value_at_stake` and `customers_affected`
  ///   - currency: code of the base currency
  init(_ row: Row, currency: String) {
    cause = row["cause"]
    payments = row.integer("payments_affected").map { Int($0) }
    // Without payments there is nothing at stake, and 0.00 would look like a figure.
    value = row["value_at_stake"].flatMap(Double.init).flatMap {
      $0 > 0 ? $0.amount(in: currency) : nil
    }
    customers = row.integer("customers_affected").map { Int($0) }
  }

  /// The cause and the payments in one line; empty without either.
  var details: String {
    var parts: [String] = []
    if let cause { parts.append("mostly " + cause.replacing("=", with: " ")) }
    if let payments, payments > 0 {
      parts.append("\(payments.grouped) \(payments == 1 ? "payment" : "payments") affected")
    }
    return parts.joined(separator: ", ")
  }
}

/// The https page of each alert, where the setting `alert_url_template` names one.
struct AlertPageAddress: Sendable, Equatable {
  private static let number = "{alert_id}"

  /// The template; nil for no page.
  let template: String?

  /// The page of an alert; nil without a template.
  func of(_ alert: Int64) -> String? {
    template.map { $0.replacing(Self.number, with: "\(alert)") }
  }
}
