internal import Foundation
package import MariaDBClient
package import Tabular

/// The result of the last tick for every watched series, as the view `monitor_now` publishes it:
/// nothing is judged again.
package struct WatchedSeries: Sendable {
  /// The rows of the view, those with an open alert first, the most severe of these on top.
  package let table: DataTable

  /// Reads the view.
  ///
  /// - Throws: `DatabaseError`
  package static func read(on connection: Connection) async throws -> WatchedSeries {
    WatchedSeries(
      table: DataTable(
        try await connection.query(
          "SELECT * FROM monitor_now ORDER BY severity IS NULL, severity + 0 DESC, raised_at,"
            + " verdict = 'anomalous' DESC, metric_name, member")))
  }

  /// How many series have an open alert.
  package var incidentCount: Int { table.records.count { $0["alert_id"] != nil } }

  /// The table for people: the last judged step of each series, its normal range, and its open
  /// alert.
  package var page: DataTable {
    DataTable(
      columns: [
        .init(name: "metric", role: .key), .init(name: "member", role: .key),
        .init(name: "minute"), .init(name: "value", isNumeric: true, role: .key),
        .init(name: "expected", isNumeric: true), .init(name: "normal", role: .minor),
        .init(name: "state", role: .key), .init(name: "alert", role: .key),
      ],
      rows: table.records.map { row in
        [
          row["metric_name"], row["member"], row["metric_minute"].map { String($0.prefix(16)) },
          Self.shown("observed_value", of: row), Self.shown("expected_value", of: row),
          Self.band(row),
          Self.state(row), row["alert_id"].map { "\($0) \(row["severity"] ?? "")" },
        ]
      })
  }

  /// One line: how many series are watched, up to when, and how many of them have an open alert.
  package var summary: String {
    let last = table.records.compactMap { $0["metric_minute"] }.max()
    guard let last else { return "nothing has been judged yet: run `payops monitor tick`" }
    return "\(table.rows.count) series up to \(last.prefix(16)) UTC, \(incidentCount) with an open"
      + " alert"
  }

  private static func state(_ row: [String: String]) -> String {
    guard let verdict = row["verdict"] else { return "not judged yet" }
    return verdict == "no_verdict" ? "no verdict" : verdict
  }

  private static func band(_ row: [String: String]) -> String? {
    switch (shown("lower_value", of: row), shown("upper_value", of: row)) {
    case (let lower?, let upper?): "\(lower) to \(upper)"
    case (let lower?, nil): "from \(lower)"
    case (nil, let upper?): "up to \(upper)"
    case (nil, nil): nil
    }
  }

  /// Shares of counted events in percent; of counts and amounts four significant digits.
  private static func shown(_ column: String, of row: [String: String]) -> String? {
    guard let number = row[column].flatMap(Double.init) else { return nil }
    if row["event_count"] != nil { return String(format: "%.2f %%", number * 100) }
    return abs(number) >= 1000 && abs(number) < 1e15
      ? String(Int(number.rounded())) : String(format: "%.4g", number)
  }
}
