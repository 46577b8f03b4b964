package import Catalogue
package import MariaDBClient
package import PayopsCore
internal import Tabular

/// Reads a page from one snapshot of the database, so that its numbers agree.
package struct PageReader: Sendable {
  /// What was read of a block.
  package struct BlockResult: Sendable {
    package let block: PageBlock
    /// The statement, as anybody can repeat it.
    package let sql: String
    package let view: PublishedView?
    package let table: PageTable?
    /// Whether there are more rows.
    package let isCut: Bool
    package let failure: Fault?
  }

  /// A page that was read.
  package struct Result: Sendable {
    package let page: PageDefinition
    package let values: [String: String]
    /// The instant that views took as now (UTC, as the database writes it).
    package let moment: String
    /// When it was read (UTC).
    package let readAt: String
    package let currency: String
    package let blocks: [String: BlockResult]
    package let summary: PageDefinition.Summary
  }

  private let catalogue: Catalogue

  /// Makes a reader.
  package init(_ catalogue: Catalogue) {
    self.catalogue = catalogue
  }

  /// Reads a page.
  ///
  /// - Parameters:
  ///   - page: the page
  ///   - values: the values of its parameters
  ///   - connection: a connection without an open transaction, whose moment is fixed
  /// - Throws: `DatabaseError` when the database is away; a block that cannot be read says so itself
  package func read(
    _ page: PageDefinition, _ values: [String: String], on connection: Connection
  ) async throws -> Result {
    try await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    try await connection.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
    let result: Result
    do {
      let row = try await connection.query(
        "SELECT as_of() AS moment, UTC_TIMESTAMP() AS read_at, base_currency() AS currency"
      ).rows.first
      let moment = row?["moment"] ?? ""
      // From here on each view of the page takes this instant as now.
      try await connection.execute("SET @payops_as_of = ?", [.text(moment)])
      var blocks: [String: BlockResult] = [:]
      for block in page.sections.flatMap(\.blocks) {
        blocks[block.name] = try await read(
          block, values, moment: moment, currency: row?["currency"] ?? "", on: connection)
      }
      let tables = PageTables(
        tables: blocks.compactMapValues(\.table), currency: row?["currency"] ?? "", moment: moment)
      result = Result(
        page: page, values: values, moment: moment, readAt: row?["read_at"] ?? "",
        currency: tables.currency, blocks: blocks, summary: page.summarize(tables))
    } catch {
      _ = try? await connection.execute("ROLLBACK")
      throw error
    }
    try await connection.execute("COMMIT")
    return result
  }

  private func read(
    _ block: PageBlock, _ values: [String: String], moment: String, currency: String,
    on connection: Connection
  ) async throws -> BlockResult {
    guard let view = catalogue.views[block.view] else {
      let fault = Fault(
        .configuration, "the schema has no view \(block.view)", hint: "run `payops deploy`")
      return BlockResult(
        block: block, sql: "", view: nil, table: nil, isCut: false, failure: fault)
    }
    if let needs = block.needs, (values[needs.parameter] ?? "").isEmpty {
      let table = PageTable(columns: [], rows: [], currency: currency, moment: moment)
      return BlockResult(
        block: block, sql: "", view: view, table: table, isCut: false, failure: nil)
    }
    do {
      var query = try query(block, view, values, moment: moment)
      let sql = query.text
      query.limit = block.limit + 1
      var rows = try await query.read(on: connection).rows
      let isCut = rows.count > block.limit
      if isCut { rows.removeLast() }
      let columns = query.columns.compactMap { name in view.columns.first { $0.name == name } }
      return BlockResult(
        block: block, sql: sql, view: view,
        table: PageTable(columns: columns, rows: rows, currency: currency, moment: moment),
        isCut: isCut, failure: nil)
    } catch let error as DatabaseError
      where ![.cannotConnect, .connectionLost, .closed].contains(error.code)
    {
      // Denied, too slow: the other blocks of the page still hold.
      return BlockResult(
        block: block, sql: "", view: view, table: nil, isCut: false,
        failure: error.errno == 1969
          ? Fault(.temporary, "\(view.name) took longer than two seconds", code: "timeout")
          : error.fault)
    } catch let fault as Fault {
      return BlockResult(
        block: block, sql: "", view: view, table: nil, isCut: false, failure: fault)
    }
  }

  private func query(
    _ block: PageBlock, _ view: PublishedView, _ values: [String: String], moment: String
  ) throws(Fault) -> ViewQuery {
    var query = ViewQuery(view)
    let open = view.openColumns.map(\.name)
    try query.select(block.columns.isEmpty ? open : block.columns)
    if !block.order.isEmpty { try query.sort(by: block.order) }
    for condition in block.conditions {
      guard let value = Self.value(condition.bound, values, moment: moment) else { continue }
      try query.filter(condition.column, condition.comparison, value)
    }
    if let oneOf = block.oneOf {
      try query.filter(oneOf.column, oneOf: oneOf.values.map { .text($0) })
    }
    query.limit = block.limit
    return query
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
    func ago(hours: Int) -> SQLValue {
      .text(CivilInstant(secondsSinceEpoch: now.secondsSinceEpoch - hours * 3600).description)
    }
    switch bound {
    case .text(let text): return .text(text)
    case .number(let number): return .integer(number)
    case .parameter(let name):
      return values[name].flatMap { $0.isEmpty || $0 == "all" ? nil : .text(Self.plain($0)) }
    case .hoursAgo(let hours): return ago(hours: hours)
    case .window(let name):
      return values[name].flatMap { Int($0.dropLast()) }.map { ago(hours: $0) }
    case .daysAgo(let days):
      let midnight = now.secondsSinceEpoch - now.secondOfDay - days * 86_400
      return .text(CivilInstant(secondsSinceEpoch: midnight).description)
    }
  }
}
