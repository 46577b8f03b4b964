import Foundation

/// What was found: sections for the JSON file, targets, and failures of correctness.
struct Report: Sendable {
  /// A figure beside what was aimed at.
  struct Target: Sendable {
    let name: String
    let value: String
    let goal: String
    let holds: Bool
  }

  private(set) var sections: [String: JSONValue] = [:]
  private(set) var targets: [Target] = []
  private(set) var failures: [String] = []

  /// Stores the raw figures of a part.
  mutating func add(_ name: String, _ value: JSONValue) { sections[name] = value }

  /// Records a figure that has a target.
  mutating func target(_ name: String, _ value: String, goal: String, holds: Bool) {
    targets.append(Target(name: name, value: value, goal: goal, holds: holds))
  }

  /// Records that something is wrong, not merely slow.
  mutating func failure(_ text: String) {
    failures.append(text)
    Console.progress("WRONG: \(text)")
  }

  /// Records a failure unless a condition holds.
  mutating func require(_ holds: Bool, _ text: @autoclosure () -> String) {
    if !holds { failure(text()) }
  }

  /// The whole as JSON.
  var json: JSONValue {
    var all = sections
    all["targets"] = .array(
      targets.map {
        [
          "name": .text($0.name), "value": .text($0.value), "goal": .text($0.goal),
          "holds": .bool($0.holds),
        ]
      })
    all["failures"] = .array(failures.map(JSONValue.text))
    return .object(all)
  }

  /// Writes the JSON file.
  ///
  /// - Parameter path: where to.
  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(json).write(to: URL(filePath: path))
  }
}
