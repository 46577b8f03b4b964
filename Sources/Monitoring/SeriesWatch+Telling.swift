internal import Foundation
internal import PayopsCore
internal import Statistics

extension SeriesWatch.Step {
  /// The minute after its last one.
  var end: Int { step.minute + metric.stepMinutes }

  /// The order in which steps move alerts.
  var alertOrder: (Int, Int) { (end, metric.dimension == "all" ? 1 : 0) }

  /// What is wrong, in words.
  func message(since: Int) -> String {
    func shown(_ number: Double?) -> String {
      guard let number, number.isFinite else { return "?" }
      return metric.isShare
        ? String(format: "%.1f %%", number * 100) : String(format: "%.0f", number)
    }
    let judgement = step.judgement
    let minute = CivilInstant(minutesSinceEpoch: step.minute)
    var text = "\(shown(judgement.value)) at \(minute) UTC"
    if let volume = step.volume { text += " of \(Int(volume))" }
    text += ", expected \(shown(judgement.expected))"
    if let upper = judgement.upper, judgement.score ?? 0 >= 0 {
      text += ", normal up to \(shown(upper))"
    } else if let lower = judgement.lower {
      text += ", normal from \(shown(lower))"
    }
    return text + "; since \(CivilInstant(minutesSinceEpoch: since)) UTC"
  }
}
