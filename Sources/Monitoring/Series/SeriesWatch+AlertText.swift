internal import Foundation
internal import PayopsCore
internal import Statistics
internal import Tabular

extension SeriesWatch.Step {
  /// The parts of the message of an alert; `raise_metric_alert` puts the impact between them.
  struct AlertText: Sendable, Equatable {
    /// What was observed and expected.
    let seen: String
    /// What is normal, and the times.
    let bounds: String
  }

  /// The minute after its last one.
  var end: Int { step.minute + metric.stepMinutes }

  /// The order in which steps change alerts.
  var alertOrder: (Int, Int) { (end, metric.dimension == "all" ? 1 : 0) }

  /// The message of the alert, in its parts.
  ///
  /// - Parameters:
  ///   - since: the first minute of the incident
  ///   - currency: code of the base currency
  func alertText(since: Int, currency: String) -> AlertText {
    func shown(_ number: Double?, withNoun: Bool = false) -> String {
      metric.unit.text(number, currency: currency, withNoun: withNoun)
    }
    func instant(_ minute: Int) -> String {
      CivilInstant(minutesSinceEpoch: minute).description.prefix(16) + " UTC"
    }
    let judgement = step.judgement
    var seen = shown(judgement.value, withNoun: true)
    if let volume = step.volume { seen += " of \(Int(volume).grouped) \(metric.events)" }
    seen += ", expected \(shown(judgement.expected))"
    var bounds = ""
    if let upper = judgement.upper, judgement.score ?? 0 >= 0 {
      bounds += "normal up to \(shown(upper)), "
    } else if let lower = judgement.lower {
      bounds += "normal from \(shown(lower)), "
    }
    bounds += "seen at \(instant(step.minute)), since \(instant(since))"
    return AlertText(seen: seen, bounds: bounds)
  }
}
