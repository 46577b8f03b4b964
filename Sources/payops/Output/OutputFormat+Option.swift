import MariaDBClient
import Tabular

extension OutputFormat {
  /// The option that chooses a form.
  static let option = Option.choice(
    "format", "KIND", allCases.map(\.rawValue), "print as table (default), json, csv or ndjson")
}

extension Invocation {
  /// The form asked for by --format; nil when that was not given.
  var format: OutputFormat? { self[OutputFormat.option].flatMap(OutputFormat.init) }

  /// Whether programs read the result, so that it has all columns.
  var isWide: Bool { console.isJSON || format != nil }

  /// Prints the table that a piece of work reads, in the form asked for.
  ///
  /// - Parameter read: the work
  func show(_ read: (Connection) async throws -> DataTable) async throws -> ExitCode {
    try console.write(try await withConnection(read), as: format)
    return .ok
  }
}
