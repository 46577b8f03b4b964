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
  ///   - before: the blocks before it, and the instant of the page
  init(_ block: PageBlock, _ values: [String: String], _ before: PageTables) {
    self.block = block
    for condition in block.conditions {
      if case .valuesOf = condition.bound {
        lists.append((condition.column, before.values(condition.bound)))
      } else if case .list(let name) = condition.bound {
        let given = (values[name] ?? "").split(separator: ",").map(String.init)
        if !given.isEmpty, given != ["all"] { lists.append((condition.column, given)) }
      } else if let value = condition.bound.value(values, moment: before.moment) {
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
}
