internal import Catalogue
internal import HTTP
internal import MariaDBClient
internal import Tabular

/// All rows of a view, written while they are read; memory does not grow with them.
struct ViewStream: Sendable {
  private let wanted: ViewRequest
  private let scope: Scope
  private let pools: DatabasePools

  init(_ wanted: ViewRequest, _ scope: Scope, _ pools: DatabasePools) {
    self.wanted = wanted
    self.scope = scope
    self.pools = pools
  }

  /// The answer.
  var response: HTTPResponse {
    let type =
      wanted.form == .csv ? "text/csv; charset=utf-8" : "application/x-ndjson"
    let name = "\(wanted.view.name).\(wanted.form.rawValue)"
    return HTTPResponse(
      200,
      headers: [
        (name: "Content-Type", value: type),
        (name: "Content-Disposition", value: "attachment; filename=\"\(name)\""),
        (name: "Cache-Control", value: "no-store"),
      ],
      body: .stream { writer in
        var query = wanted.query
        query.limit = wanted.limit
        let columns = wanted.view.described(query.columns)
        let (sql, values) = query.statement
        try await pools.use(scope, .export) { connection in
          try await Moment.fix(on: connection, as: nil)
          try await write(columns, sql, values, from: connection, to: writer)
        }
      })
  }

  private func write(
    _ columns: [PublishedView.Column], _ sql: String, _ values: [SQLValue],
    from connection: Connection, to writer: any HTTPBodyWriter
  ) async throws {
    let form = wanted.form
    let isNumeric = columns.map { ViewValue.isNumeric($0.type) }
    var start: [UInt8] = []
    if form == .csv {
      start = Array(Self.record(columns.map { CSVRenderer.field($0.name, isNumeric: false) }).utf8)
    }
    try await writer.write(start)
    // The rows are read on the queue of the connection, which may wait for the client.
    let rest: [UInt8] = try await connection.reduceRows(sql, values, into: []) { piece, row in
      switch form {
      case .csv:
        piece +=
          Self.record(
            zip(row.values, isNumeric).map { cell, isNumeric in
              cell.map { CSVRenderer.field($0, isNumeric: isNumeric) } ?? ""
            }
          ).utf8
      case .ndjson, .json:
        let members = zip(columns, row.values).map { column, cell in
          (key: column.name, value: ViewValue.json(cell, of: column))
        }
        piece += (JSON.object(members).compact + "\n").utf8
      }
      if piece.count >= 32_768 {
        try writer.writeWaiting(piece)
        piece.removeAll(keepingCapacity: true)
      }
    }
    try await writer.write(rest)
  }

  private static func record(_ fields: [String]) -> String {
    fields.joined(separator: ",") + "\r\n"
  }
}
