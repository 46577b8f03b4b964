import Foundation
import Tabular

/// The parts of a result file that the page of results needs.
struct KeptResult: Decodable, Sendable {
  struct Machine: Decodable, Sendable {
    let cpu: String
    let cores: Int
    let memoryBytes: Int
  }
  struct Run: Decodable, Sendable {
    let startedAt: String
    let payops: String
    let commit: String
    let sizes: [Int]
    let against: String?
  }
  struct Figure: Decodable, Sendable {
    let median: Double
    let low: Double
    let high: Double
  }
  struct Contest: Decodable, Sendable {
    let name: String
    let unit: String
    let units: Int
    let rounds: Int
    let product: String
    let rival: String?
    let seconds: Figure
    let rivalSeconds: Figure?
    let cpuUsPerUnit: Figure
    let rivalCpuUsPerUnit: Figure?
    let ratio: Figure?
    let cpuRatio: Figure?
    let control: Figure
    let believable: Bool
  }
  struct Target: Decodable, Sendable {
    let name: String
    let value: String
    let goal: String
    let holds: Bool
  }
  struct Speed: Decodable, Sendable { let ms: Double }
  struct DuckDB: Decodable, Sendable {
    struct Question: Decodable, Sendable {
      let question: String
      let contest: Contest
    }
    let version: String
    let questions: [Question]
  }
  struct Views: Decodable, Sendable {
    struct View: Decodable, Sendable {
      struct Milliseconds: Decodable, Sendable {
        let p50: Double
        let p95: Double
      }
      let view: String
      let rows: Int
      let ms: Milliseconds
      let holds: Bool
    }
    let views: [View]
  }

  let machine: Machine
  let server: [String: String]
  let run: Run
  let contests: [String: [Contest]]
  let targets: [Target]
  let failures: [String]
  let machineSpeedMs: [Speed]
  let duckdb: DuckDB?
  let views: Views?

  /// Reads a result file.
  ///
  /// - Throws: ``BenchError`` when it is not such a file.
  init(file: URL) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      self = try decoder.decode(KeptResult.self, from: Data(contentsOf: file))
    } catch {
      throw BenchError("\(file.lastPathComponent) is not a result of the benchmark: \(error)")
    }
  }

  /// Reads all results of a folder, the newest first.
  static func all(in folder: URL) throws -> [KeptResult] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "json" }
      .map { try KeptResult(file: $0) }
      .sorted { $0.run.startedAt > $1.run.startedAt }
  }

  /// Copies a result file, without single measurements, to the folder of stored results.
  ///
  /// - Parameters:
  ///   - file: the file that a run wrote.
  ///   - folder: where results are kept.
  /// - Returns: the new file.
  static func keep(_ file: URL, in folder: URL) throws -> URL {
    let result = try KeptResult(file: file)
    let all = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    let name = "\(result.run.startedAt)-\(result.run.commit.prefix(12)).json"
    let target = folder.appending(path: name)
    try JSONSerialization.data(
      withJSONObject: withoutValues(all), options: [.sortedKeys, .withoutEscapingSlashes]
    ).write(to: target)
    return target
  }

  private static func withoutValues(_ value: Any) -> Any {
    switch value {
    case let object as [String: Any]:
      return object.filter { $0.key != "values" || !($0.value is [Any]) }
        .mapValues { withoutValues($0) }
    case let array as [Any]: return array.map { withoutValues($0) }
    default: return value
    }
  }
}
