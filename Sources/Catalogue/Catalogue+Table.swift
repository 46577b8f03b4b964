package import MariaDBClient
package import Tabular

extension Catalogue {
  /// The KPIs by subject, with what each is and where.
  package static func kpiTable(on connection: Connection) async throws -> DataTable {
    DataTable(
      try await connection.query(
        "SELECT kpi_name, subject, unit, source_view, formula FROM kpi_catalog"
          + " ORDER BY subject, kpi_name")
    ).roles([
      "subject": .minor, "source_view": .minor, "unit": .key, "formula": .text(atLeast: 24),
    ])
  }

  /// The least width at which a formula stands beside the name of its KPI.
  private static let wholeWidth = 140

  /// The KPIs for people: on a narrow terminal the formula of each stands below its name.
  package static func page(of kpis: DataTable, _ layout: PageLayout) -> String {
    guard !layout.isWide, layout.width < wholeWidth,
      let formula = kpis.columns.firstIndex(where: { $0.name == "formula" })
    else { return layout.render(kpis) }
    var heads = kpis
    heads.columns.remove(at: formula)
    for place in heads.rows.indices { heads.rows[place].remove(at: formula) }
    return DetailedTable(table: heads, details: kpis.rows.map { $0[formula] ?? "" })
      .render(layout)
  }

  /// The currency to which amounts are converted; nil when none is marked as base, or the account
  /// may not read it.
  package static func baseCurrency(on connection: Connection) async -> String? {
    let row = try? await connection.query("SELECT base_currency FROM exposure_total").rows.first
    return row?["base_currency"]
  }

  /// The moment that every figure is as of (UTC).
  package static func moment(on connection: Connection) async throws -> String? {
    try await connection.query(
      "SELECT COALESCE(@payops_as_of, UTC_TIMESTAMP()) AS moment"
    ).rows.first?["moment"]
  }
}
