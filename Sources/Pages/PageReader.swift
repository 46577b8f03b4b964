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
    /// The address of the API that lists all of its rows; empty when it could not be read.
    package let list: String
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
    /// How far the rollups are behind the payments; nil when it may not be read.
    package let lag: RollupLag?
    package let blocks: [String: BlockResult]
    package let summary: PageDefinition.Summary
    /// What the KPIs of tiles mean, by name.
    package let kpis: [String: KPI]

    /// The tables of its blocks.
    package var tables: PageTables {
      PageTables(tables: blocks.compactMapValues(\.table), currency: currency, moment: moment)
    }
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
      let currency = row?["currency"] ?? ""
      func tables() -> PageTables {
        PageTables(tables: blocks.compactMapValues(\.table), currency: currency, moment: moment)
      }
      for block in page.sections.flatMap(\.blocks) {
        blocks[block.name] = try await read(block, values, tables(), on: connection)
      }
      result = Result(
        page: page, values: values, moment: moment, readAt: row?["read_at"] ?? "",
        currency: currency, lag: try await RollupLag.read(on: connection), blocks: blocks,
        summary: page.summarize(tables()), kpis: catalogue.kpis)
    } catch {
      _ = try? await connection.execute("ROLLBACK")
      throw error
    }
    try await connection.execute("COMMIT")
    return result
  }

  private func read(
    _ block: PageBlock, _ values: [String: String], _ before: PageTables,
    on connection: Connection
  ) async throws -> BlockResult {
    let (moment, currency) = (before.moment, before.currency)
    guard let view = catalogue.views[block.view] else {
      let fault = Fault(
        .configuration, "the schema has no view \(block.view)", hint: "run `payops deploy`")
      return BlockResult(
        block: block, sql: "", list: "", view: nil, table: nil, isCut: false, failure: fault)
    }
    let isMissing = block.needs.map { (values[$0.parameter] ?? "").isEmpty } ?? false
    if isMissing || block.conditions.contains(where: { before.isEmpty($0.bound) }) {
      let table = PageTable(columns: [], rows: [], currency: currency, moment: moment)
      return BlockResult(
        block: block, sql: "", list: "", view: view, table: table, isCut: false, failure: nil)
    }
    do {
      let question = BlockQuestion(block, values, before)
      var query = try question.query(of: view)
      let sql = query.text
      query.limit = block.limit + 1
      var rows = try await query.read(on: connection).rows
      let isCut = rows.count > block.limit
      if isCut { rows.removeLast() }
      let columns = query.columns.compactMap { name in view.columns.first { $0.name == name } }
      return BlockResult(
        block: block, sql: sql, list: question.list(of: view), view: view,
        table: PageTable(columns: columns, rows: rows, currency: currency, moment: moment),
        isCut: isCut, failure: nil)
    } catch let error as DatabaseError
      where ![.cannotConnect, .connectionLost, .closed].contains(error.code)
    {
      // Denied, too slow: the other blocks of the page still hold.
      return BlockResult(
        block: block, sql: "", list: "", view: view, table: nil, isCut: false,
        failure: error.errno == 1969
          ? Fault(.temporary, "\(view.name) took longer than two seconds", code: "timeout")
          : error.fault)
    } catch let fault as Fault {
      return BlockResult(
        block: block, sql: "", list: "", view: view, table: nil, isCut: false, failure: fault)
    }
  }
}
