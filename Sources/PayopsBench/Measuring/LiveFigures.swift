import Foundation

/// The final output of `payops generate --live --json`.
struct LiveFigures: Sendable, Equatable {
  /// Payments that got an outcome later.
  let updates: Int?
  /// Seconds that the load took.
  let seconds: Double?

  /// Reads the output; missing figures are nil.
  init(output: String) {
    let object = try? JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
    updates = (object?["updates"] as? NSNumber)?.intValue
    seconds =
      ((object?["seconds"] ?? object?["elapsed_seconds"]) as? NSNumber)?.doubleValue
  }
}
