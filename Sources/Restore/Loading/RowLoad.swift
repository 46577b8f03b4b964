internal import Backup
internal import MariaDBClient

/// The rows of an INSERT statement, loaded as data instead of being parsed as SQL.
///
/// The dump tool writes `INSERT INTO t VALUES`, a line end, and rows `(…)` between commas and line
/// ends; strings are in single quotes with backslashes. With the right options LOAD DATA reads them
/// with the same meaning, at half the cost for the server. Values written as hexadecimal
/// numbers (binary columns) are the exception: such tables are loaded by their INSERT statements.
struct RowLoad: Sendable {
  private static let separator = "),\\n("
  private static let front = Array(" VALUES\n(".utf8)

  private let sql: String
  private let rows: Range<Int>

  /// Reads a statement.
  ///
  /// - Parameters:
  ///   - bytes: the INSERT statement.
  ///   - table: the table to load into.
  ///   - columns: the table's columns, with `@` for one that is computed; nil when it has columns
  ///     that LOAD DATA cannot load.
  /// - Returns: nil when the statement has another form.
  init?(_ bytes: [UInt8], into table: String, columns: [String]?) {
    guard let columns, let (_, end) = DumpStatement.name(in: bytes, at: "INSERT INTO ".utf8.count),
      bytes[end...].starts(with: Self.front), bytes.last == UInt8(ascii: ")")
    else { return nil }
    rows = (end + Self.front.count)..<(bytes.count - 1)
    sql =
      "LOAD DATA LOCAL INFILE 'backup' INTO TABLE \(ObjectInventory.quoted(table))"
      + " CHARACTER SET utf8mb4 FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\\''"
      + " ESCAPED BY '\\\\' LINES TERMINATED BY '\(Self.separator)'"
      + " (\(columns.joined(separator: ", ")))"
  }

  /// Loads all rows or none.
  ///
  /// - Returns: the number of rows; nil after a warning about a value, so that the statement itself
  ///   must be run to get its error.
  func run(_ bytes: [UInt8], on connection: isolated Connection) throws -> Int64? {
    struct Remark: Error {}
    do {
      return try connection.atomically {
        var source = ByteRangeSource(bytes: bytes, range: rows)
        let count = try connection.loadData(sql, from: &source)
        if connection.lastWarningCount > 0 { throw Remark() }
        return count
      }
    } catch is Remark {
      return nil
    }
  }
}

/// A range of bytes in memory.
private struct ByteRangeSource: BulkSource {
  private let bytes: [UInt8]
  private var rest: Range<Int>

  init(bytes: [UInt8], range: Range<Int>) {
    self.bytes = bytes
    rest = range
  }

  mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, rest.count)
    bytes.withUnsafeBytes {
      buffer.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: $0[rest.lowerBound..<rest.lowerBound + count]))
    }
    rest = (rest.lowerBound + count)..<rest.upperBound
    return count
  }
}

extension TableDefinition {
  /// Types whose values the dump tool writes as hexadecimal numbers, or that are not text.
  private static let insertedTypes = [
    "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "bit", "geometry",
    "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon",
    "geometrycollection", "vector",
  ]

  /// The columns for LOAD DATA, with `@` for computed ones; nil when LOAD DATA cannot load one of
  /// them.
  static func loadColumns(of definitions: [String]) -> [String]? {
    var columns: [String] = []
    for definition in definitions where definition.hasPrefix("  `") {
      let bytes = definition.bytes
      guard let (name, end) = DumpStatement.name(in: bytes, at: 2) else { return nil }
      let rest = String(bytes: bytes[end...]).drop { $0 == " " }
      let type = rest.prefix { $0.isLetter }.lowercased()
      if insertedTypes.contains(type) { return nil }
      let words = rest.components(before: " COMMENT '")
      let isComputed = words.contains(" GENERATED ALWAYS AS ") || words.contains(" AS (")
      columns.append(isComputed ? "@payops_computed" : ObjectInventory.quoted(name))
    }
    return columns
  }
}

extension Substring {
  /// The text before a mark, or all of it.
  fileprivate func components(before mark: String) -> Substring {
    firstRange(of: mark).map { self[..<$0.lowerBound] } ?? self
  }
}
