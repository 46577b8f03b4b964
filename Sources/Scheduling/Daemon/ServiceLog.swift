import Foundation
import PayopsCore
import Tabular

/// The log of the daemon: one line for each event, in words or as JSON. No line holds values of
/// payments or settings of a connection.
package struct ServiceLog: Sendable {
  /// The level of an event.
  package enum Level: String, Sendable { case info, warning, error }

  /// Whether lines are JSON objects.
  package let isJSON: Bool
  /// Writes a line with its line end.
  package let output: @Sendable (String) -> Void

  /// Makes a log.
  package init(isJSON: Bool, output: @escaping @Sendable (String) -> Void) {
    self.isJSON = isJSON
    self.output = output
  }

  /// Writes a line.
  ///
  /// - Parameters:
  ///   - level: the level
  ///   - event: what happened, snake_case
  ///   - fields: further values
  package func write(_ level: Level, _ event: String, _ fields: KeyValuePairs<String, String> = [:])
  {
    let time = CivilInstant(secondsSinceEpoch: Int(Date().timeIntervalSince1970)).description
    let stamp = time.replacing(" ", with: "T") + "Z"
    let line: String
    if isJSON {
      var object: [(String, JSON)] = [
        ("time", .string(stamp)), ("level", .string(level.rawValue)), ("event", .string(event)),
      ]
      object += fields.map { ($0.key, .string($0.value)) }
      line = JSON.object(object).compact
    } else {
      line =
        "\(stamp) \(level.rawValue) \(event)"
        + fields.map { " \($0.key)=\(Self.quoted($0.value))" }.joined()
    }
    output(line + "\n")
  }

  private static func quoted(_ text: String) -> String {
    let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3D }
    guard !isPlain else { return text }
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n")
    return "\"\(escaped)\""
  }
}
