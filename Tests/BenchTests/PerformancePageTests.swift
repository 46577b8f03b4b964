import Foundation
import Tabular
import Testing

@testable import payops_bench

@Suite("Page of performance")
struct PerformancePageTests {
  private static var documents: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs")
  }

  private func kept(
    at start: String, size: Int = 1_000_000, ratio: Double = 1.5, control: Double = 1
  ) throws -> KeptResult {
    let turn = { (seconds: Double) in Turn(seconds: seconds, cpuSeconds: seconds) }
    var report = Report()
    report.add(
      "machine", ["cpu": "test", "cores": .integer(2), "memory_bytes": .integer(24 << 30)])
    report.add("server", ["version": "10.11.19-MariaDB"])
    report.add(
      "run",
      [
        "started_at": .string(start), "payops": "payops 0", "commit": "0123456789ab",
        "sizes": .array([.integer(size)]), "against": .null,
      ])
    report.contest(
      ContestResult(
        name: "fill 1M", unit: "row", units: 1000, product: "payops generate", rival: "LOAD DATA",
        rounds: (0..<5).map { _ in
          ContestResult.Round(
            product: turn(1), control: turn(control), rival: turn(ratio * (1 + control) / 2))
        }), key: "fill")
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "result.json")
    try report.write(to: file.path(percentEncoded: false))
    let copy = try KeptResult.keep(file, in: folder)
    let text = try String(contentsOf: copy, encoding: .utf8)
    #expect(!text.contains("\"values\""))
    return try KeptResult(file: copy)
  }

  @Test("the performance page in docs matches the stored results")
  func isCurrent() throws {
    let page = try PerformancePage(documents: Self.documents)
    let found = try String(
      contentsOf: Self.documents.appending(path: "performance.md"), encoding: .utf8)
    #expect(page.text == found, "run scripts/bench --page docs")
  }

  @Test("the newest run of the largest size is shown, and all runs stay in the table over time")
  func newest() throws {
    let results = [
      try kept(at: "20261103T000000Z", ratio: 1.7),
      try kept(at: "20261102T000000Z", size: 10_000_000, ratio: 1.6),
      try kept(at: "20261101T000000Z", size: 10_000_000, ratio: 1.5),
    ]
    let page = PerformancePage(results: results, template: "{{results}}\n{{history}}\n").text
    #expect(page.contains("Run of 20261102T000000Z"))
    for ratio in ["1.70", "1.60", "1.50"] { #expect(page.contains("\(ratio) (")) }
  }

  @Test("a ratio whose control is not 1 is marked")
  func marked() throws {
    let result = try kept(at: "20261103T000000Z", control: 1.4)
    let page = PerformancePage(results: [result], template: "{{results}}\n").text
    #expect(page.contains("(not believable)"))
  }
}
