import Foundation
import Testing

@testable import Charts

@Suite("Charts as drawn")
struct GoldenTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
    path: "Golden")
  static let isUpdating = ProcessInfo.processInfo.environment["PAYOPS_UPDATE_SNAPSHOTS"] == "1"

  @Test(
    "each sample is drawn as recorded; PAYOPS_UPDATE_SNAPSHOTS=1 renews",
    arguments: Samples.all.map(\.name))
  func isAsRecorded(name: String) throws {
    let chart = try #require(Samples.all.first { $0.name == name }?.chart)
    let isFull = Samples.full.contains(
      name)
    for (width, svg) in chart.drawings(more: isFull ? [1_240] : []) {
      let file = Self.folder.appending(path: "\(name)-\(width).svg")
      if Self.isUpdating { try Data((svg + "\n").utf8).write(to: file) }
      let kept = try String(contentsOf: file, encoding: .utf8)
      #expect(kept == svg + "\n", "\(name) at \(width) differs from \(file.lastPathComponent)")
    }
  }

  @Test("every golden file is of a sample")
  func hasNoStray() throws {
    let names = Set(Samples.all.map(\.name))
    for file in try FileManager.default.contentsOfDirectory(atPath: Self.folder.path) {
      let name = file.split(separator: "-").dropLast().joined(separator: "-")
      #expect(names.contains(name), "\(file) is of no sample")
    }
  }
}
