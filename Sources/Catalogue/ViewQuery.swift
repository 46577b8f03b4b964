package import MariaDBClient
package import PayopsCore
package import Tabular

/// A bounded read of a published view: columns, filters and order by name, and a page of it.
///
/// Only names that the catalogue has become part of the statement, and of the values whole numbers,
/// days and times: the server pushes those into a grouped view, and reads all of it for a bound one.
/// Other values are bound.
package struct ViewQuery: Sendable {
  /// How a column is compared with values.
  package enum Comparison: String, Sendable, CaseIterable {
    case equal = "="
    case notEqual = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    /// What stands behind the column in an address, after a dot; nil for equality.
    package var suffix: String? {
      switch self {
      case .equal: nil
      case .notEqual: "ne"
      case .less: "lt"
      case .lessOrEqual: "lte"
      case .greater: "gt"
      case .greaterOrEqual: "gte"
      }
    }
  }

  private struct Condition: Sendable {
    let column: String
    /// What stands behind the column, with a `?` for each value.
    let test: String
    let values: [SQLValue]
  }

  private struct Order: Sendable {
    let column: String
    let isDescending: Bool
  }

  /// The view.
  package let view: PublishedView
  /// The columns to read, in this order; all of them when empty.
  package private(set) var columns: [String] = []
  /// Whether the default filter of the view is added when there is no other condition.
  package var usesDefaultFilter = true
  /// The most rows to read; nil for all.
  package var limit: Int?
  private var conditions: [Condition] = []
  private var order: [Order] = []
  private var start: [SQLValue] = []

  /// Reads all of a view: by its time axis, the newest first, then by its key. A key that is one
  /// number goes the same way as the time, since indexes are read in one direction: ascending, a
  /// page of `payment_list` would sort every payment.
  package init(_ view: PublishedView) {
    self.view = view
    let time = view.timeColumn.map { [Order(column: $0, isDescending: true)] } ?? []
    let rest = view.key.filter { $0 != view.timeColumn }
    let isNumber =
      rest.count == 1 && !time.isEmpty
      && view.columns.contains { $0.name == rest[0] && $0.unit == "id" }
    order = time + rest.map { Order(column: $0, isDescending: isNumber) }
  }

  /// Chooses columns.
  ///
  /// - Throws: ``Fault`` for one that the view does not have
  package mutating func select(_ names: [String]) throws(Fault) {
    for name in names { try check(name) }
    columns = names
  }

  /// Adds a condition; all must hold.
  ///
  /// - Throws: ``Fault`` for a column that the view does not have
  package mutating func filter(
    _ column: String, _ comparison: Comparison, _ value: SQLValue
  ) throws(Fault) {
    try check(column)
    conditions.append(
      Condition(column: column, test: "\(comparison.rawValue) ?", values: [value]))
  }

  /// Adds the condition that a column has one of some values.
  ///
  /// - Throws: ``Fault`` for a column that the view does not have
  package mutating func filter(_ column: String, oneOf values: [SQLValue]) throws(Fault) {
    try check(column)
    let places = values.map { _ in "?" }.joined(separator: ", ")
    conditions.append(Condition(column: column, test: "IN (\(places))", values: values))
  }

  /// Adds the bounds of a period.
  ///
  /// - Parameters:
  ///   - from: the first moment of it; nil for none
  ///   - to: the first moment after it; nil for none
  /// - Throws: ``Fault`` when the view has no time axis
  package mutating func filter(from: CivilInstant?, to: CivilInstant?) throws(Fault) {
    guard from != nil || to != nil else { return }
    guard let time = view.timeColumn else {
      throw .usage("\(view.name) has no time axis, so it cannot be cut to a period")
    }
    if let from { try filter(time, .greaterOrEqual, .text(from.description)) }
    if let to { try filter(time, .less, .text(to.description)) }
  }

  /// Whether there is a condition beside the default filter of the view.
  package var hasConditions: Bool { !conditions.isEmpty }

  /// Sorts by columns, the first one first, instead of by the time axis and key.
  ///
  /// - Throws: ``Fault`` for one that the view does not have
  package mutating func sort(
    by columns: [(name: String, isDescending: Bool)]
  ) throws(Fault) {
    for (name, _) in columns { try check(name) }
    order = columns.map { Order(column: $0.name, isDescending: $0.isDescending) }
  }

  /// Starts after a row, given by its values of ``cursorColumns``, so that pages stay consistent
  /// while rows are added.
  ///
  /// - Throws: ``Fault`` when there is not one value for each of them
  package mutating func begin(after cursor: [SQLValue]) throws(Fault) {
    guard cursor.count == order.count else {
      throw .usage(
        "a cursor of \(view.name) has \(order.count) values, not \(cursor.count)",
        hint: "give those of \(cursorColumns.joined(separator: ", ")) of the last row")
    }
    start = cursor
  }

  /// The columns whose values in the last row of a page are the cursor of the next.
  package var cursorColumns: [String] { order.map(\.column) }

  /// The statement with its values.
  package var statement: (sql: String, values: [SQLValue]) {
    let names = columns.isEmpty ? view.columns.map(\.name) : columns
    var sql =
      "SELECT \(names.map(Self.quoted).joined(separator: ", ")) FROM \(Self.quoted(view.name))"
    var values: [SQLValue] = []
    var texts = conditions.map { condition in
      // The server does not push a bound value down into a grouped view.
      var parts = condition.test.split(separator: "?", omittingEmptySubsequences: false)[...]
      var test = String(parts.removeFirst())
      for (value, part) in zip(condition.values, parts) {
        let literal = Self.literal(value)
        if literal == nil { values.append(value) }
        test += (literal ?? "?") + part
      }
      return "\(Self.quoted(condition.column)) \(test)"
    }
    if conditions.isEmpty, usesDefaultFilter, let filter = view.defaultFilter {
      texts.append("(\(filter))")
    }
    if !start.isEmpty {
      let (text, more) = behindStart
      texts.append(text)
      values += more
    }
    if !texts.isEmpty { sql += " WHERE " + texts.joined(separator: " AND ") }
    if !order.isEmpty {
      sql +=
        " ORDER BY "
        + order.map { sorted($0.column) + ($0.isDescending ? " DESC" : "") }
        .joined(separator: ", ")
    }
    if let limit { sql += " LIMIT \(max(0, limit))" }
    return (sql, values)
  }

  /// The statement with its values as literals: what a person can repeat in any client.
  package var text: String {
    let (sql, values) = statement
    var parts = sql.split(separator: "?", omittingEmptySubsequences: false)[...]
    guard parts.count == values.count + 1 else { return sql }
    let first = parts.removeFirst()
    return zip(values, parts).reduce(String(first)) { $0 + $1.0.literal + $1.1 }
  }

  /// Reads the rows.
  ///
  /// - Throws: `DatabaseError`
  package func read(on connection: Connection) async throws -> DataTable {
    let (sql, values) = statement
    return DataTable(try await connection.query(sql, values))
  }

  /// (a, b) after (x, y), with the order of each: a > x OR a = x AND b > y. NULL comes first in
  /// ascending order.
  private var behindStart: (text: String, values: [SQLValue]) {
    var alternatives: [String] = []
    var values: [SQLValue] = []
    for (place, last) in order.enumerated() {
      var parts: [String] = []
      for (column, value) in zip(order[..<place].map(\.column), start) {
        parts.append("\(Self.quoted(column)) <=> ?")
        values.append(value)
      }
      let column = sorted(last.column)
      switch (last.isDescending, start[place]) {
      case (false, .null): parts.append("\(column) IS NOT NULL")
      case (false, let value):
        parts.append("\(column) > ?")
        values.append(value)
      case (true, .null): parts.append("FALSE")
      case (true, let value):
        parts.append("(\(column) < ? OR \(column) IS NULL)")
        values.append(value)
      }
      alternatives.append("(" + parts.joined(separator: " AND ") + ")")
    }
    return ("(" + alternatives.joined(separator: " OR ") + ")", values)
  }

  /// A value as it stands in a statement; nil for one that must be bound. A text of digits stays a
  /// text, so that it is compared as a bound one is.
  private static func literal(_ value: SQLValue) -> String? {
    switch value {
    case .integer(let number): return "\(number)"
    case .text(let text):
      let isPlain =
        text.wholeMatch(of: /-?[0-9]{1,18}/) != nil
        || text.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9:.]{5,15})?/) != nil
      return isPlain ? "'\(text)'" : nil
    default: return nil
    }
  }

  /// The sort expression: a server sorts the values of an ENUM by position, but compares them with
  /// a text as texts.
  private func sorted(_ column: String) -> String {
    let isEnum = view.columns.contains { $0.name == column && $0.type.hasPrefix("enum(") }
    let name = Self.quoted(column)
    return isEnum ? "CAST(\(name) AS CHAR)" : name
  }

  private func check(_ column: String) throws(Fault) {
    let names = view.columns.map(\.name)
    guard names.contains(column) else {
      throw .usage(
        "\(view.name) has no column '\(column)'",
        hint: nearestWord(to: column, among: names).map { "did you mean \($0)?" }
          ?? "it has \(names.joined(separator: ", "))")
    }
  }

  private static func quoted(_ identifier: String) -> String {
    "`" + identifier.replacing("`", with: "``") + "`"
  }
}
