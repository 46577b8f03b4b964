internal import Synchronization

/// A bar on standard error that shows how far a long piece of work has come.
///
/// It is drawn on terminals only and at most ten times a second.
package final class ProgressBar: Sendable {
  private struct State {
    var done = 0
    var lastDrawn: ContinuousClock.Instant?
    var isDrawn = false
  }

  private let label: String
  private let unit: String
  private let total: Int?
  private let isShown: Bool
  private let isUnicode: Bool
  private let start: ContinuousClock.Instant
  private let now: @Sendable () -> ContinuousClock.Instant
  private let draw: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// Makes a bar; nothing is drawn before the first progress.
  ///
  /// - Parameters:
  ///   - label: what is being done
  ///   - unit: what is counted, in the plural
  ///   - total: how many there will be; nil when unknown
  ///   - isShown: whether standard error is a terminal
  ///   - isUnicode: whether characters beyond ASCII can be shown
  ///   - now: the clock
  ///   - draw: writes to standard error
  package init(
    _ label: String, unit: String = "rows", total: Int? = nil, isShown: Bool, isUnicode: Bool,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
    draw: @escaping @Sendable (String) -> Void
  ) {
    self.label = label
    self.unit = unit
    self.total = total
    self.isShown = isShown
    self.isUnicode = isUnicode
    self.now = now
    self.draw = draw
    start = now()
  }

  /// Sets how much is done, and draws the bar when it is time.
  ///
  /// - Parameter done: the count so far
  package func update(to done: Int) {
    guard isShown else { return }
    let moment = now()
    let isDue = state.withLock { state in
      state.done = done
      if let last = state.lastDrawn, last.duration(to: moment) < .milliseconds(100) {
        return false
      }
      state.lastDrawn = moment
      state.isDrawn = true
      return true
    }
    if isDue { draw("\r\u{1B}[K" + line(done: done, after: start.duration(to: moment))) }
  }

  /// Takes the bar away.
  package func finish() {
    let isDrawn = state.withLock { state in
      defer { state.isDrawn = false }
      return state.isDrawn
    }
    if isDrawn { draw("\r\u{1B}[K") }
  }

  /// Makes the line for a moment.
  ///
  /// - Parameters:
  ///   - done: the count so far
  ///   - elapsed: the time since the start
  /// - Returns: label, bar, count, rate and time left, at most 79 columns
  package func line(done: Int, after elapsed: Duration) -> String {
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    let rate = seconds > 0 ? Double(done) / seconds : 0
    let speed = "\(Int(rate.rounded()).grouped) \(unit)/s"
    guard let total, total > 0 else {
      return String("\(label)  \(done.grouped) \(unit)  \(speed)".prefix(79))
    }
    let share = min(1, max(0, Double(done) / Double(total)))
    let filled = Int(share * 20)
    let bar =
      String(repeating: isUnicode ? "█" : "#", count: filled)
      + String(repeating: isUnicode ? "░" : ".", count: 20 - filled)
    let left = rate > 0 ? Double(max(0, total - done)) / rate : nil
    let eta = left.map { "  ETA \(Self.clock(Int($0.rounded(.up))))" } ?? ""
    return String(
      "\(label)  \(bar) \(Int(share * 100))%  \(done.grouped)  \(speed)\(eta)".prefix(79))
  }

  private static func clock(_ seconds: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let minutes = "\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    return seconds >= 3600 ? "\(seconds / 3600):\(minutes)" : minutes
  }
}
