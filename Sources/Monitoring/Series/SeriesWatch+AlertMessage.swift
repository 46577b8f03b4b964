internal import Foundation
internal import PayopsCore
internal import Statistics

extension SeriesWatch.Step {
  /// The minute after its last one.
  var end: Int { step.minute + metric.stepMinutes }

  /// The order in which steps change alerts.
  var alertOrder: (Int, Int) { (end, metric.dimension == "all" ? 1 : 0) }

  /// The message of the alert: the observed and the expected value, then, after a semicolon, the
  /// bounds and times. `raise_metric_alert` inserts the impact between the two.
  func message(since: Int) -> String {
    func shown(_ number: Double?) -> String {
      guard let number, number.isFinite else { return "?" }
      if metric.isShare { return String(format: "%.1f %%", number * 100) }
      return String(format: abs(number) < 10 ? "%.2f" : "%.0f", number)
    }
    func instant(_ minute: Int) -> String {
      CivilInstant(minutesSinceEpoch: minute).description.prefix(16) + " UTC"
    }
    let judgement = step.judgement
    var text = shown(judgement.value)
    if let volume = step.volume { text += " of \(Int(volume))" }
    text += ", expected \(shown(judgement.expected)); "
    if let upper = judgement.upper, judgement.score ?? 0 >= 0 {
      text += "normal up to \(shown(upper)), "
    } else if let lower = judgement.lower {
      text += "normal from \(shown(lower)), "
    }
    return text + "seen at \(instant(step.minute)), since \(instant(since))"
  }
}
