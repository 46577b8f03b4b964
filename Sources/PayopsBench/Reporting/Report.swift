import Foundation
import Tabular

/// The results: sections for the JSON file, targets, and failures of correctness.
struct Report: Sendable {
  /// A figure beside its target.
  struct Target: Sendable {
    let name: String
    let value: String
    let goal: String
    let holds: Bool
  }

  private(set) var sections: [String: JSON] = [:]
  private(set) var targets: [Target] = []
  private(set) var failures: [String] = []
  private var contests: [String: [ContestResult]] = [:]
  private var speeds: [JSON] = []

  /// Stores the raw figures of a part.
  mutating func add(_ name: String, _ value: JSON) { sections[name] = value }

  /// Records a figure that has a target.
  mutating func target(_ name: String, _ value: String, goal: String, holds: Bool) {
    targets.append(Target(name: name, value: value, goal: goal, holds: holds))
  }

  /// Records a contest and prints it.
  ///
  /// - Parameters:
  ///   - result: its result.
  ///   - key: the part of the benchmark.
  mutating func contest(_ result: ContestResult, key: String) {
    contests[key, default: []].append(result)
    var rows = [
      [
        result.product, Figure.short(result.seconds.median * 1000),
        Figure.short(result.cpuMicroseconds.median), result.control.text(2),
      ]
    ]
    if let rival = result.rival {
      rows.append([
        rival, Figure.short(result.rivalSeconds.median * 1000),
        Figure.short(result.rivalCPUMicroseconds.median), "",
      ])
    }
    Console.table(
      "\(result.name): \(Figure.count(result.units)) \(result.unit)s, \(result.rounds.count) rounds",
      ["in turns", "ms", "CPU us/\(result.unit)", "control"], rows)
    if result.rival != nil {
      Console.line(
        "ratio \(result.ratio.text(2)), of CPU \(result.cpuRatio.text(2))"
          + (result.isBelievable ? "" : "; NOT BELIEVABLE: the control is not 1"))
    }
  }

  /// Records how fast the machine is at a moment.
  mutating func speed(_ moment: String) {
    let milliseconds = MachineSpeed.milliseconds()
    speeds.append(["moment": .string(moment), "ms": .figure(milliseconds)])
    Console.progress("speed of the machine, \(moment): \(Figure.short(milliseconds)) ms")
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

  /// The report as JSON.
  var json: JSON {
    var all = sections
    all["contests"] = .members(contests.mapValues { .array($0.map(\.json)) })
    all["machine_speed_ms"] = .array(speeds)
    all["targets"] = .array(
      targets.map {
        [
          "name": .string($0.name), "value": .string($0.value), "goal": .string($0.goal),
          "holds": .bool($0.holds),
        ]
      })
    all["failures"] = .array(failures.map(JSON.string))
    return .members(all)
  }

  /// Writes the JSON file.
  ///
  /// - Parameter path: where to.
  func write(to path: String) throws {
    try Data(json.lines.utf8).write(to: URL(filePath: path))
  }
}
