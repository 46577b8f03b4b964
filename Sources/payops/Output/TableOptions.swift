import MariaDBClient
import PayopsCore
import Tabular

/// The options of every verb that prints a table: its form, and what of it a terminal shows.
enum TableOptions {
  static let format = Option.choice(
    "format", "KIND", OutputFormat.allCases.map(\.rawValue),
    "print as table (default), json, csv or ndjson")
  static let columns = Option<[String]>(
    "columns", placeholder: "NAMES", help: "print only these columns, separated by commas",
    expectation: "names of columns, such as a,b"
  ) { text in
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map {
      String($0.filter { $0 != " " })
    }
    return names.allSatisfy { !$0.isEmpty } ? names : nil
  }
  static let wide = Flag(
    "wide", help: "print every column whole, wider than the terminal if need be")
  static let vertical = Flag("vertical", help: "print each value on a line of its own")

  /// The declarations, for a verb that prints one table.
  static let all = [
    format.declaration, columns.declaration, wide.declaration, vertical.declaration,
  ]
  /// The declarations for a page of several tables.
  static let arrangement = [wide.declaration, vertical.declaration]
}

extension Invocation {
  /// The form asked for by --format; nil when that was not given.
  var format: OutputFormat? { self[TableOptions.format].flatMap(OutputFormat.init) }

  /// Whether programs read the result.
  var isForPrograms: Bool { console.isJSON || format ?? .table != .table }

  /// Whether the result has all columns: programs read it, or --wide asks for them.
  var isWide: Bool { isForPrograms || console.choice.isWide }

  /// What is asked of tables.
  ///
  /// - Throws: ``Fault`` for an arrangement of something that is not printed as a table
  func tableChoice() throws(Fault) -> TableChoice {
    var choice = TableChoice()
    choice.columns = self[TableOptions.columns] ?? []
    choice.isWide = self[TableOptions.wide]
    choice.isVertical = self[TableOptions.vertical]
    if choice.isWide || choice.isVertical, isForPrograms {
      throw .usage(
        "--\(choice.isWide ? "wide" : "vertical") is about tables",
        hint: "json, csv and ndjson have every column whole")
    }
    return choice
  }

  /// Prints the table that a piece of work reads, in the form asked for.
  ///
  /// - Parameters:
  ///   - empty: why there may be no rows
  ///   - read: the work; it is told whether to read all columns
  func show(
    empty: String, _ read: (Connection, _ isWide: Bool) async throws -> DataTable
  ) async throws -> ExitCode {
    let isWide = isWide
    let choice = console.choice
    let table = try await withConnection { connection in
      let table = try await read(connection, isWide)
      // A name may be that of a column that people usually do not see.
      return isWide || choice.isMet(by: table) ? table : try await read(connection, true)
    }
    try console.write(table, as: format, empty: empty)
    return .ok
  }
}
