/// One field of a cron expression: the numbers that it matches.
struct CronField: Sendable, Equatable {
  /// The kinds of field, in the order of an expression with seconds.
  enum Kind: String, CaseIterable {
    case second, minute, hour
    case dayOfMonth = "day of the month"
    case month
    case dayOfWeek = "day of the week"

    /// The valid numbers; Sunday is 0 and 7.
    var range: ClosedRange<Int> {
      switch self {
      case .second, .minute: 0...59
      case .hour: 0...23
      case .dayOfMonth: 1...31
      case .month: 1...12
      case .dayOfWeek: 0...7
      }
    }

    /// Names of the numbers, from the first number on.
    var names: [String] {
      switch self {
      case .month:
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
      case .dayOfWeek: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
      default: []
      }
    }
  }

  /// The numbers, in order.
  let numbers: [Int]
  /// Whether every number matches because the field is open (`*` or `?`).
  let isOpen: Bool
  /// Whether the last day of the month matches (`L`).
  let lastDay: Bool

  /// Reads a field: numbers, names, ranges `a-b`, steps `*/n`, `a/n` and `a-b/n`, joined by commas;
  /// `L` is the last day of the month.
  init(_ text: Substring, _ kind: Kind) throws(ScheduleError) {
    var found: Set<Int> = []
    var lastDay = false
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      if part.uppercased() == "L", kind == .dayOfMonth {
        lastDay = true
        continue
      }
      let pieces = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      let step = pieces.count == 2 ? Int(pieces[1]) ?? 0 : 1
      guard let first = pieces.first, step >= 1 else {
        throw ScheduleError(
          "'\(part)' is not a valid step of the \(kind.rawValue) in a cron expression")
      }
      var range = try CronField.range(first, kind)
      // `5/10` counts from 5 to the end.
      if pieces.count == 2, range.count == 1 { range = range.lowerBound...kind.range.upperBound }
      found.formUnion(stride(from: range.lowerBound, through: range.upperBound, by: step))
    }
    if kind == .dayOfWeek, found.remove(7) != nil { found.insert(0) }
    numbers = found.sorted()
    isOpen = text == "*" || text == "?"
    self.lastDay = lastDay
  }

  private static func range(_ text: Substring, _ kind: Kind) throws(ScheduleError)
    -> ClosedRange<Int>
  {
    if text == "*" || (text == "?" && (kind == .dayOfMonth || kind == .dayOfWeek)) {
      return kind == .dayOfWeek ? 0...6 : kind.range
    }
    let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      .map { number($0, kind) }
    guard let first = ends.first ?? nil, let last = ends.last ?? nil else {
      throw ScheduleError("'\(text)' is not a valid \(kind.rawValue) in a cron expression")
    }
    guard kind.range.contains(first), kind.range.contains(last), first <= last else {
      throw ScheduleError(
        "'\(text)' is outside \(kind.range.lowerBound) to \(kind.range.upperBound),"
          + " the \(kind.rawValue) in a cron expression")
    }
    return first...last
  }

  private static func number(_ text: Substring, _ kind: Kind) -> Int? {
    if let index = kind.names.firstIndex(of: text.uppercased()) {
      return index + (kind == .month ? 1 : 0)
    }
    return text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
  }
}
