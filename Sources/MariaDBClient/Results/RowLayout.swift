/// The columns shared by all rows of one result.
final class RowLayout: Sendable {
  let columns: [Column]
  private let positions: [String: Int]

  init(columns: [Column]) {
    self.columns = columns
    var positions: [String: Int] = [:]
    for (position, column) in columns.enumerated() {
      if positions[column.name] == nil { positions[column.name] = position }
      let folded = column.name.lowercased()
      if positions[folded] == nil { positions[folded] = position }
    }
    self.positions = positions
  }

  /// Where a column is: first by exact name, then without regard to case.
  func position(of name: String) -> Int? {
    positions[name] ?? positions[name.lowercased()]
  }
}
