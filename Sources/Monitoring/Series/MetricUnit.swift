internal import Foundation
internal import Tabular

/// What the values of a metric are, and how people read them.
package enum MetricUnit: Sendable, Equatable {
  /// A share of events, 0 to 1.
  case share
  /// A number of things, with their name.
  case count(of: String)
  /// An amount in the base currency.
  case amount
  /// A time in milliseconds.
  case milliseconds
  /// A share of what is allowed; 1 is the limit.
  case shareOfLimit(of: String)

  /// A value with its unit.
  ///
  /// - Parameters:
  ///   - value: the value; nil when it is not known
  ///   - currency: code of the base currency
  ///   - withNoun: whether things that are counted are named, and what a share is of; the first
  ///     value of a text has it, the others follow
  package func text(_ value: Double?, currency: String, withNoun: Bool = false) -> String {
    guard let value, value.isFinite else { return "?" }
    switch self {
    case .share: return "\((value * 100).grouped(digits: 1)) %"
    case .count(let noun):
      let number = value.grouped(digits: abs(value) < 10 && value != value.rounded() ? 1 : 0)
      return withNoun ? "\(number) \(noun)" : number
    case .amount: return value.amount(in: currency)
    case .milliseconds: return Self.time(value)
    case .shareOfLimit(let what):
      return "\((value * 100).grouped(digits: 0)) %" + (withNoun ? " of \(what)" : "")
    }
  }

  /// A time in the largest unit that gives a whole part.
  private static func time(_ milliseconds: Double) -> String {
    switch abs(milliseconds) {
    case ..<1000: "\(milliseconds.grouped(digits: 0)) ms"
    case ..<120_000: "\((milliseconds / 1000).grouped(digits: 1)) s"
    case ..<7_200_000: "\((milliseconds / 60_000).grouped(digits: 1)) min"
    default: "\((milliseconds / 3_600_000).grouped(digits: 1)) h"
    }
  }
}

extension MetricDefinition {
  /// What its values are.
  package var unit: MetricUnit {
    let numerator = columns["numerator"] ?? ""
    if isShare { return .share }
    if numerator.hasSuffix("_amount") { return .amount }
    if source == "latency", numerator.hasPrefix("p") { return .milliseconds }
    if numerator.hasSuffix("age_ratio") { return .shareOfLimit(of: "the allowed age") }
    if numerator.hasSuffix("_ratio") { return .shareOfLimit(of: "what is allowed") }
    return .count(of: events)
  }

  /// What it counts, or takes shares of, in words.
  package var events: String {
    switch source {
    case "latency": "answers"
    case "logins": "logins"
    case "settlements": "settlements"
    case "gauges": columns["numerator"]?.hasPrefix("overdue") == true ? "settlements" : "payments"
    default: columns["denominator"] == "attempt_count" ? "answers" : "payments"
    }
  }
}
