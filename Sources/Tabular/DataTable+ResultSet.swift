package import MariaDBClient

extension DataTable {
  /// Makes a table of a result set.
  ///
  /// - Parameter result: the rows and columns
  package init(_ result: ResultSet) {
    self.init(
      columns: result.columns.map { Column(name: $0.name, isNumeric: $0.isNumeric) },
      rows: result.rows.map(\.values))
  }
}
