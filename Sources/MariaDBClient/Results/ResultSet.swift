/// The result of one statement.
package struct ResultSet: Sendable {
  /// The columns; empty for a statement without rows.
  package let columns: [Column]
  /// The rows, in the order of the server.
  package let rows: [Row]
  /// Rows changed by the statement, or the number of rows for one that returns rows.
  package let affectedRows: Int64
  /// Warnings and notes raised by the statement.
  package let warningCount: Int

  /// Describes a result.
  package init(columns: [Column], rows: [Row], affectedRows: Int64, warningCount: Int) {
    self.columns = columns
    self.rows = rows
    self.affectedRows = affectedRows
    self.warningCount = warningCount
  }
}
