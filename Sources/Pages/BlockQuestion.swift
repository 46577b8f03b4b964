internal import Catalogue
internal import Foundation
internal import MariaDBClient
internal import PayopsCore

/// What a block asks of its view, with the values of the page's parameters filled in: as a statement,
/// and as the address of the API that lists the same rows without a limit.
struct BlockQuestion: Sendable {
  private struct Test: Sendable {
    let column: String
    let comparison: ViewQuery.Comparison
    let value: SQLValue
  }

  private let block: PageBlock
  private var tests: [Test] = []
  private var lists: [(column: String, values: [String])] = []

  /// Fills in values.
  ///
  /// - Parameters:
  ///   - block: the block
  ///   - values: values of the page's parameters
  ///   - moment: the instant of the page, as the database writes it
  init(_ block: PageBlock, _ values: [String: String], moment: String) {
    self.block = block
    for condition in block.conditions {
      if case .list(let name) = condition.bound {
        let given = (values[name] ?? "").split(separator: ",").map(String.init)
        if !given.isEmpty, given != ["all"] { lists.append((condition.column, given)) }
      } else if let value = Self.value(condition.bound, values, moment: moment) {
        tests.append(
          Test(column: condition.column, comparison: condition.comparison, value: value))
      }
    }
    if let oneOf = block.oneOf { lists.append(oneOf) }
  }

  /// The statement.
  func query(of view: PublishedView) throws(Fault) -> ViewQuery {
    var query = ViewQuery(view)
    try query.select(block.columns.isEmpty ? view.openColumns.map(\.name) : block.columns)
    if !block.order.isEmpty { try query.sort(by: block.order) }
    for test in tests { try query.filter(test.column, test.comparison, test.value) }
    for (column, values) in lists {
      try query.filter(column, oneOf: values.map { .text($0) })
    }
    query.limit = block.limit
    return query
  }

  /// The address.
  func list(of view: PublishedView) -> String {
    let parts =
      tests.map { test in
        let name = test.comparison.suffix.map { "\(test.column).\($0)" } ?? test.column
        return "\(name)=\(Self.encoded(Self.text(test.value)))"
      } + lists.map { "\($0.column).in=\(Self.encoded($0.values.joined(separator: ",")))" }
    return "/api/v1/kpis/\(view.name)" + (parts.isEmpty ? "" : "?" + parts.joined(separator: "&"))
  }

  /// A value as it stands in an address; times as RFC 3339.
  private static func text(_ value: SQLValue) -> String {
    switch value {
    case .integer(let number): return "\(number)"
    case .text(let text):
      return text.utf8.count == 19 ? CivilInstant(text)?.rfc3339 ?? text : text
    default: return ""
    }
  }

  private static func encoded(_ text: String) -> String {
    let plain = CharacterSet(
      charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:,")
    return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
  }

  /// A time of an address, 2026-01-31T12:00:00Z, as the database compares it; other texts stay.
  private static func plain(_ text: String) -> String {
    guard text.hasSuffix("Z"), text.count == 20 else { return text }
    return CivilInstant(text.dropLast().replacing("T", with: " "))?.description ?? text
  }

  /// The value of a bound; nil when its condition falls away.
  private static func value(
    _ bound: PageBlock.Bound, _ values: [String: String], moment: String
  ) -> SQLValue? {
    guard let now = CivilInstant(moment.prefix(19)) else { return nil }
    func ago(seconds: Int) -> SQLValue {
      .text(CivilInstant(secondsSinceEpoch: now.secondsSinceEpoch - seconds).description)
    }
    switch bound {
    case .text(let text): return .text(text)
    case .number(let number): return .integer(number)
    case .list: return nil
    case .parameter(let name):
      return values[name].flatMap { $0.isEmpty || $0 == "all" ? nil : .text(plain($0)) }
    case .hoursAgo(let hours): return ago(seconds: hours * 3600)
    case .window(let name):
      return values[name].flatMap { Int($0.dropLast()) }.map { ago(seconds: $0 * 3600) }
    case .daysAgo(let days): return ago(seconds: now.secondOfDay + days * 86_400)
    case .after(let start, let hours):
      guard let first = values[start].flatMap({ CivilInstant(plain($0)) }),
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
    }
  }
}
