package import PayopsCore

/// What a reader asks of a table: some of its columns, and how they are arranged.
package struct TableChoice: Sendable, Equatable {
  /// The columns wanted, in this order; all when empty.
  package var columns: [String] = []
  /// Whether nothing is cut and left out, however wide the lines are.
  package var isWide = false
  /// Whether each value stands on a line of its own.
  package var isVertical = false

  /// Everything that fits.
  package init() {}

  /// Whether nothing special is asked for, so that a page made for people may stand for the table.
  package var isUsual: Bool { self == TableChoice() }

  /// Whether a table has every column that is wanted.
  package func isMet(by table: DataTable) -> Bool {
    columns.allSatisfy { name in table.columns.contains { $0.name == name } }
  }

  /// The columns wanted of a table.
  ///
  /// - Throws: ``Fault`` that names the columns when there is none of a name
  package func selected(_ table: DataTable) throws(Fault) -> DataTable {
    guard !columns.isEmpty else { return table }
    let names = table.columns.map(\.name)
    var places: [Int] = []
    for name in columns {
      guard let place = names.firstIndex(of: name) else {
        throw .usage(
          "there is no column '\(name)'", hint: "the columns are " + names.joined(separator: ", "))
      }
      places.append(place)
    }
    return DataTable(
      columns: places.map { table.columns[$0] },
      rows: table.rows.map { row in places.map { row[$0] } })
  }
}
