package import MariaDBClient
package import Tabular

extension AlertPages {
  /// Rows of `ops_alert_times`, rules with most alerts first.
  package static func readTimes(on connection: Connection) async throws -> DataTable {
    DataTable(
      try await connection.query(
        "SELECT * FROM ops_alert_times ORDER BY alert_count DESC, alert_rule"))
  }
}
