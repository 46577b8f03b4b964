package import MariaDBClient
package import Tabular

extension Catalogue {
  /// The KPIs by subject, with what each is and where.
  package static func kpiTable(on connection: Connection) async throws -> DataTable {
    DataTable(
      try await connection.query(
        "SELECT kpi_name, subject, unit, source_view, formula FROM kpi_catalog"
          + " ORDER BY subject, kpi_name"))
  }
}
