/// Why the benchmark cannot continue.
struct BenchError: Error, CustomStringConvertible {
  /// One sentence: lower case, no full stop.
  let description: String

  /// Describes a failure.
  init(_ description: String) { self.description = description }
}
