/// The forms in which a ``DataTable`` can be printed.
package enum OutputFormat: String, CaseIterable, Sendable {
  case table
  case json
  case csv
}
