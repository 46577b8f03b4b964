package import MariaDBClient

extension DataTable {
  /// The most characters of a name or an id; a column that may have more holds free text.
  private static let longestName = 128

  /// Makes a table of a result set.
  ///
  /// - Parameter result: the rows and columns
  package init(_ result: ResultSet) {
    self.init(
      columns: result.columns.map { column in
        Column(
          name: column.name, isNumeric: column.isNumeric,
          role: column.characters.map { $0 > Self.longestName } ?? false ? .text : .value)
      },
      rows: result.rows.map(\.values))
  }
}
