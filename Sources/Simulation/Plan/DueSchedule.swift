package import PayopsCore

/// When settlements are due, as tabulated by the database in `settlement_windows`.
///
/// The rule (cut-offs, calendars, lags) lives in SQL; this is a look-up in its result.
package struct DueSchedule: Sendable, Equatable {
  /// Acceptance windows by rail: first second of acceptance and second due, ascending.
  private var starts: [[Int]]
  private var dues: [[Int]]
  /// Seconds from acceptance to due by rail; nil for a rail with windows.
  private var instantSeconds: [Int?]

  /// An empty schedule.
  package init() {
    starts = Rail.codes.map { _ in [] }
    dues = starts
    instantSeconds = Rail.codes.map { _ in nil }
  }

  /// Adds a window; windows of a rail come in ascending order.
  ///
  /// - Parameters:
  ///   - rail: code of the rail; unknown rails are ignored.
  ///   - acceptedFrom: first instant of acceptance.
  ///   - due: instant at which payments of the window are due.
  package mutating func addWindow(rail: String, acceptedFrom: CivilInstant, due: CivilInstant) {
    guard let number = Rail.codes.firstIndex(of: rail) else { return }
    starts[number].append(acceptedFrom.secondsSinceEpoch)
    dues[number].append(due.secondsSinceEpoch)
  }

  /// Adds an instant rail.
  package mutating func setInstant(rail: String, seconds: Int) {
    guard let number = Rail.codes.firstIndex(of: rail) else { return }
    instantSeconds[number] = seconds
  }

  /// The second at which a payment is due; nil beyond the schedule.
  func due(_ rail: Rail, acceptedSecond: Int) -> Int? {
    let number = Int(rail.rawValue)
    if let seconds = instantSeconds[number] { return acceptedSecond + seconds }
    let starts = starts[number]
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= acceptedSecond { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : dues[number][low - 1]
  }
}
