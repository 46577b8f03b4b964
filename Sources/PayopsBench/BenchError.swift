/// Why the benchmark cannot go on.
struct BenchError: Error, CustomStringConvertible {
  /// One sentence: lower case, no full stop.
  let description: String

  /// Describes a failure.
  init(_ description: String) { self.description = description }
}
