internal import MariaDBClient
internal import PayopsCore

extension PageBlock.Bound {
  /// The value of a bound; nil when its condition falls away.
  func value(_ values: [String: String], moment: String) -> SQLValue? {
    guard let now = CivilInstant(moment.prefix(19)) else { return nil }
    func ago(seconds: Int) -> SQLValue {
      .text(CivilInstant(secondsSinceEpoch: now.secondsSinceEpoch - seconds).description)
    }
    switch self {
    case .text(let text): return .text(text)
    case .number(let number): return .integer(number)
    case .parameter(let name):
      return values[name].flatMap { $0.isEmpty || $0 == "all" ? nil : .text(Self.plain($0)) }
    case .hoursAgo(let hours): return ago(seconds: hours * 3600)
    case .window(let name):
      return values[name].flatMap { Int($0.dropLast()) }.map { ago(seconds: $0 * 3600) }
    case .daysAgo(let days):
      return ago(seconds: now.secondOfDay + days * 86_400)
    case .monthBegin(let name): return .text(PageMonth(values[name], of: moment).begin)
    case .monthEnd(let name): return .text(PageMonth(values[name], of: moment).end)
    case .after(let start, let hours):
      guard let first = values[start].flatMap({ CivilInstant(Self.plain($0)) }),
        let count = values[hours].flatMap({ Int($0) }), (0...87_600).contains(count)
      else { return nil }
      return .text(
        CivilInstant(secondsSinceEpoch: first.secondsSinceEpoch + count * 3600).description)
    case .minuteAgo(let name):
      // Ages count from minute to minute: what is a minute old was made in the minute before this.
      guard let age = values[name].flatMap({ Int($0) }), (0...3_155_760_000).contains(age) else {
        return nil
      }
      return ago(seconds: now.secondOfDay % 60 + age - 60)
    case .valuesOf, .list: return nil
    }
  }

  /// A time of an address, 2026-01-31T12:00:00Z, as the database compares it; other texts stay.
  private static func plain(_ text: String) -> String {
    guard text.hasSuffix("Z"), text.count == 20 else { return text }
    return CivilInstant(text.dropLast().replacing("T", with: " "))?.description ?? text
  }
}

extension PageTables {
  /// The different values of a column of a block, in the order of its rows.
  func values(_ bound: PageBlock.Bound) -> [String] {
    guard case .valuesOf(let block, let column, let most) = bound, let table = self[block] else {
      return []
    }
    var seen: Set<String> = []
    return Array(
      table.rows.compactMap { table.text($0, column) }.filter { seen.insert($0).inserted }
        .prefix(most))
  }

  /// Whether a bound asks for values that are not there.
  func isEmpty(_ bound: PageBlock.Bound) -> Bool {
    if case .valuesOf = bound { return values(bound).isEmpty }
    return false
  }
}
