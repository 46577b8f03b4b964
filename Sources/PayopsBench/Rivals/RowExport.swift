import Foundation
import MariaDBClient

/// The rows of a schema as files that the server wrote.
struct RowExport: Sendable {
  /// A table as a file without header.
  struct Table: Sendable {
    /// Name of the table.
    let name: String
    /// The columns that are stored, with their SQL types.
    let columns: [(name: String, type: String)]
    /// Names of the columns, separated by commas.
    var columnList: String { columns.map(\.name).joined(separator: ", ") }
  }

  /// Folder of the files.
  let folder: URL

  /// Path of the file of a table, or of one part of it.
  func path(_ table: String, part: Int? = nil) -> String {
    let name = part.map { "\(table).\($0)" } ?? table
    return folder.appending(path: "\(name).tsv").path(percentEncoded: false)
  }

  /// Reads which columns of a table are stored.
  static func table(_ name: String, _ connection: Connection) async throws -> Table {
    let rows = try await connection.ask(
      """
      SELECT column_name AS name, column_type AS type FROM information_schema.columns
      WHERE table_schema = DATABASE() AND table_name = ? AND is_generated = 'NEVER'
      ORDER BY ordinal_position
      """, [.text(name)]
    )
    return Table(
      name: name,
      columns: rows.compactMap { row in
        guard let column = row["name"], let type = row["type"] else { return nil }
        return (name: column, type: type)
      })
  }

  /// Writes the stored columns of a table in the order of its key, unless the file exists.
  ///
  /// - Parameters:
  ///   - table: the table.
  ///   - condition: which rows; nil for all.
  ///   - part: number of the part.
  func write(
    _ table: Table, where condition: String? = nil, part: Int? = nil, _ connection: Connection
  ) async throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = path(table.name, part: part)
    guard !FileManager.default.fileExists(atPath: path) else { return }
    try await connection.perform(
      "SELECT \(table.columnList) INTO OUTFILE \(Self.quoted(path)) CHARACTER SET utf8mb4"
        + " FROM \(table.name) WHERE \(condition ?? "1 = 1") ORDER BY \(table.columns[0].name)")
  }

  /// The statement that loads a file, read by the server itself, into the table of the same name.
  func loadStatement(_ table: Table, part: Int? = nil) -> String {
    "LOAD DATA INFILE \(Self.quoted(path(table.name, part: part))) INTO TABLE \(table.name)"
      + " CHARACTER SET utf8mb4 (\(table.columnList))"
  }

  /// Bytes of the file of a table.
  func bytes(_ table: String) -> Int {
    var info = stat()
    return stat(path(table), &info) == 0 ? Int(info.st_size) : 0
  }

  private static func quoted(_ text: String) -> String {
    "'"
      + text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "'", with: "''")
      + "'"
  }
}
