/// The forms in which a ``DataTable`` can be printed.
package enum OutputFormat: String, CaseIterable, Sendable {
  case table
  case json
  case csv
  /// One JSON object per line and row, so that a reader needs no more than a row at a time.
  case ndjson
}
