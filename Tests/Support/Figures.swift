package import Foundation
package import MariaDBClient
internal import Testing

/// Checksums of the columns of tables and views, to compare with a golden file.
package enum Figures {
  /// A table or view with its columns.
  package struct Source: Sendable {
    package let name: String
    package let isView: Bool
    let columns: [(name: String, isFloat: Bool, isBinary: Bool)]
  }

  /// The catalogue views, which have a contract of their own.
  private static let catalogue: Set<String> = [
    "catalog_columns", "catalog_dimensions", "catalog_views", "dimension_definitions",
    "kpi_catalog", "kpi_definitions", "published_columns", "published_views",
  ]

  /// All tables and views of the schema that a connection has selected, without the catalogue.
  ///
  /// - Parameters:
  ///   - connection: a connection to it.
  ///   - unsteady: names and `name.column`s to leave out.
  package static func sources(
    _ connection: Connection, without unsteady: Set<String>
  ) async throws -> [Source] {
    let rows = try await connection.query(
      """
      SELECT c.table_name AS table_name, c.column_name AS column_name,
          c.data_type IN ('float', 'double') AS is_float,
          c.data_type IN ('binary', 'varbinary', 'blob', 'mediumblob', 'longblob') AS is_binary
      FROM information_schema.columns AS c
      WHERE c.table_schema = DATABASE()
      ORDER BY c.table_name, c.ordinal_position
      """
    ).rows
    let views = Set(
      try await connection.query(
        "SELECT table_name FROM information_schema.views WHERE table_schema = DATABASE()"
      ).rows.compactMap { $0.text(at: 0) })
    var found: [Source] = []
    for row in rows {
      let (table, column) = (row["table_name"] ?? "", row["column_name"] ?? "")
      guard !catalogue.contains(table), !unsteady.contains(table),
        !unsteady.contains("\(table).\(column)")
      else { continue }
      let before = found.last?.name == table ? found.removeLast().columns : []
      found.append(
        Source(
          name: table, isView: views.contains(table),
          columns: before + [(column, row["is_float"] == "1", row["is_binary"] == "1")]))
    }
    return found
  }

  /// The number of rows and, by column, a checksum of all values whatever the order of the rows;
  /// the last checksum covers whole rows.
  package static func values(
    of source: Source, _ connection: Connection
  ) async throws -> [String] {
    let texts = source.columns.map { column in
      // Sums of floats depend on the order of addition. As decimals, since MySQL shows no zeros.
      let value =
        column.isFloat
        ? "CAST(ROUND(`\(column.name)`, 6) AS DECIMAL(65,6))" : "`\(column.name)`"
      let text = column.isBinary ? value : "CAST(\(value) AS CHAR CHARACTER SET utf8mb4)"
      return "COALESCE(HEX(\(text)), '-')"
    }
    let sums = (texts + ["CONCAT_WS('|', \(texts.joined(separator: ", ")))"])
      .map { "SUM(CRC32(\($0)))" }
    let row = try await connection.query(
      "SELECT COUNT(*), \(sums.joined(separator: ", ")) FROM \(source.name)"
    ).rows[0]
    return (0...sums.count).map { row.text(at: $0) ?? "none" }
  }

  /// Lines of a golden file: the results of ``values(of:_:)``, several in one line.
  package static func lines(
    of source: Source, _ findings: [[String]], note: String = ""
  ) -> [String] {
    let labels = ["rows"] + source.columns.map(\.name) + ["together"]
    return labels.enumerated().map { position, label in
      let values = findings.map { $0[position] }
      return "\(source.name).\(label)\(note) "
        + (Set(values).count == 1 ? values[0] : values.joined(separator: " "))
    }
  }

  /// Compares lines with a golden file; `PAYOPS_UPDATE_SNAPSHOTS=1` renews it.
  package static func hold(_ found: [String], to golden: URL) throws {
    if ProcessInfo.processInfo.environment["PAYOPS_UPDATE_SNAPSHOTS"] != nil {
      try FileManager.default.createDirectory(
        at: golden.deletingLastPathComponent(), withIntermediateDirectories: true)
      try (found.joined(separator: "\n") + "\n").write(
        to: golden, atomically: true, encoding: .utf8)
    }
    let kept = try String(contentsOf: golden, encoding: .utf8).split(separator: "\n")
      .map(String.init)
    let (lost, new) = (Set(kept).subtracting(found), Set(found).subtracting(kept))
    #expect(
      lost.isEmpty && new.isEmpty,
      """
      was:
      \(lost.sorted().prefix(20).joined(separator: "\n"))
      is:
      \(new.sorted().prefix(20).joined(separator: "\n"))
      """)
  }
}
