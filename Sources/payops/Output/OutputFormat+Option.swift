import Tabular

extension OutputFormat {
  /// The option that chooses a form.
  static let option = Option.choice(
    "format", "KIND", allCases.map(\.rawValue), "print as table (default), json or csv")
}

extension Invocation {
  /// The form asked for by --format; nil when that was not given.
  var format: OutputFormat? { self[OutputFormat.option].flatMap(OutputFormat.init) }
}
