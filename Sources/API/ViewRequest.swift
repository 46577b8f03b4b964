internal import Catalogue
internal import Foundation
internal import HTTP
internal import MariaDBClient
internal import PayopsCore
internal import Tabular

/// What a request wants of a published view: columns, conditions, period, order, page and form.
struct ViewRequest: Sendable {
  /// The form of the answer.
  enum Form: String, CaseIterable, Sendable {
    case json, csv, ndjson
  }

  static let usualLimit = 100
  static let largestPage = 1000
  /// Names of the query that are not columns.
  static let reserved: Set<String> = ["columns", "limit", "cursor", "format", "from", "to"]

  let view: PublishedView
  private(set) var query: ViewQuery
  let form: Form
  /// Whether the usual excerpt of the view is read, since nothing else was asked for.
  private let isExcerpt: Bool
  /// The rows of a page; nil for all, which are streamed.
  let limit: Int?

  /// Reads a request.
  ///
  /// - Parameters:
  ///   - view: the view
  ///   - request: the request
  ///   - fixed: conditions that the route adds
  /// - Throws: ``Problem``, `Fault` for what cannot be asked
  init(
    _ view: PublishedView, _ request: APIRequest,
    fixed: [(column: String, value: SQLValue)] = []
  ) throws {
    self.view = view
    var query = ViewQuery(view)
    guard let form = Form(rawValue: request.http.parameter("format") ?? "json") else {
      throw Problem(400, code: "usage", "format is json, csv or ndjson")
    }
    self.form = form
    let open = view.openColumns.map(\.name)
    var columns = open
    if let list = request.http.parameter("columns") {
      columns = list.split(separator: ",").map(String.init)
      for name in columns { try Self.check(name, of: view) }
    }
    try query.select(columns)
    for (column, value) in fixed { try query.filter(column, .equal, value) }
    try query.filter(from: request.time("from"), to: request.time("to"))
    for (name, value) in request.http.query where !Self.reserved.contains(name) {
      let (column, comparison) = try Self.comparison(name)
      try Self.check(column, of: view)
      if let comparison {
        try query.filter(column, comparison, Self.value(value, of: column, in: view))
      } else {
        try query.filter(
          column,
          oneOf: value.split(separator: ",", omittingEmptySubsequences: false).map {
            try Self.value(String($0), of: column, in: view)
          })
      }
    }
    if form == .json || request.http.parameter("limit") != nil {
      limit = try request.integer(
        "limit", in: 1...(form == .json ? Self.largestPage : 1_000_000), or: Self.usualLimit)
    } else {
      limit = nil
    }
    if let cursor = request.http.parameter("cursor") {
      guard let values = Self.values(ofCursor: cursor) else {
        throw Problem(400, code: "usage", "the cursor is not one of this server")
      }
      try query.begin(after: values)
    }
    // Whoever takes all rows wants all; a page says that it shows an excerpt.
    query.usesDefaultFilter = limit != nil
    isExcerpt =
      query.usesDefaultFilter && !query.hasConditions && view.defaultFilter != nil
    // The cursor of the next page comes from the last row, whatever columns are shown.
    self.query = query
  }

  /// The query with the columns that the cursor needs, one row more than asked for.
  var paged: ViewQuery {
    get throws {
      var copy = query
      let more = query.cursorColumns.filter { !query.columns.contains($0) }
      try copy.select(query.columns + more)
      copy.limit = limit.map { $0 + 1 }
      return copy
    }
  }

  /// A page of rows as JSON.
  ///
  /// - Parameters:
  ///   - table: the rows of ``paged``
  ///   - moment: the instant that views take as now
  func page(_ table: DataTable, asOf moment: String) -> JSON {
    let limit = limit ?? table.rows.count
    let rows = Array(table.rows.prefix(limit))
    let hasMore = table.rows.count > limit
    let places = query.cursorColumns.map { name in table.columns.firstIndex { $0.name == name } }
    let cursor =
      hasMore ? rows.last.map { row in Self.cursor(places.map { $0.flatMap { row[$0] } }) } : nil
    let shown = query.columns.count
    return .object([
      (key: "view", value: .string(view.name)),
      (key: "as_of", value: .string(APITime.text(moment))),
      (
        key: "rows",
        value: .array(
          rows.map { row in
            .object(
              zip(view.described(query.columns), row.prefix(shown)).map { column, cell in
                (key: column.name, value: ViewValue.json(cell, of: column))
              })
          })
      ),
      (key: "excerpt", value: isExcerpt ? view.defaultFilter.map { .string($0) } ?? .null : .null),
      (key: "next_cursor", value: cursor.map { .string($0) } ?? .null),
      (key: "sql", value: .string(query.text)),
    ])
  }

  private static func check(_ column: String, of view: PublishedView) throws {
    let isOpen = view.openColumns.contains { $0.name == column }
    if !isOpen, view.columns.contains(where: { $0.name == column }) {
      throw Problem(
        403, code: "personal_data", "\(column) holds personal data, which the API does not give",
        hint: "an analyst reads it with an account of the database")
    }
    if !isOpen {
      throw Problem(
        400, code: "usage", "\(view.name) has no column '\(column)'",
        hint: "it has " + view.openColumns.map(\.name).joined(separator: ", ")
      )
    }
  }

  /// The column and the comparison of a name; no comparison for `.in`, one of a list.
  private static func comparison(
    _ name: String
  ) throws -> (column: String, comparison: ViewQuery.Comparison?) {
    let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return (name, .equal) }
    let column = String(parts[0])
    if parts[1] == "in" { return (column, nil) }
    guard
      let comparison = ViewQuery.Comparison.allCases.first(where: { $0.suffix == String(parts[1]) })
    else {
      throw Problem(
        400, code: "usage", "'\(name)' is not a comparison",
        hint: "write column=value, or column.ne, .lt, .lte, .gt, .gte or .in")
    }
    return (column, comparison)
  }

  /// A value as the server compares it with a column.
  private static func value(
    _ text: String, of column: String, in view: PublishedView
  ) throws -> SQLValue {
    let type = view.columns.first { $0.name == column }?.type ?? ""
    if ViewValue.isNumeric(type) {
      guard isJSONNumber(text) else {
        throw Problem(400, code: "usage", "\(column) is compared with a number, not '\(text)'")
      }
      return .text(text)
    }
    if ViewValue.isTime(type) || type == "date" {
      guard let instant = APITime.instant(text) else {
        throw Problem(400, code: "usage", "\(column) is compared with a time, not '\(text)'")
      }
      return .text(instant.description)
    }
    return .text(text)
  }

  private static func cursor(_ values: [String?]) -> String {
    let json = JSON.array(values.map { $0.map { .string($0) } ?? .null }).compact
    return Data(json.utf8).base64EncodedString().replacing("+", with: "-")
      .replacing("/", with: "_").replacing("=", with: "")
  }

  private static func values(ofCursor text: String) -> [SQLValue]? {
    let base64 = text.replacing("-", with: "+").replacing("_", with: "/")
    let padded = base64 + String(repeating: "=", count: (4 - base64.count % 4) % 4)
    guard let data = Data(base64Encoded: padded),
      let list = try? JSONDecoder().decode([String?].self, from: data)
    else { return nil }
    return list.map { $0.map { .text($0) } ?? .null }
  }
}

extension PublishedView {
  /// Columns by name, in the order of the names.
  func described(_ names: [String]) -> [Column] {
    names.compactMap { name in columns.first { $0.name == name } }
  }
}
