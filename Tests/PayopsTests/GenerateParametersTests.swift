import Foundation
import PayopsCore
import Simulation
import Testing

@testable import payops

@Suite("Lists of planted events")
struct PlantedListTests {
  private enum Kind: String, CaseIterable {
    case fanIn = "fan_in"
    case mule, cycle
  }

  private func parse(_ text: String) throws(Fault) -> [Kind: Int] {
    try PlantedList.parse(text, option: "typologies")
  }

  @Test("planted events are named with or without a count")
  func counts() throws {
    #expect(try parse("mule=3,cycle,fan-in=1k") == [.mule: 3, .cycle: 1, .fanIn: 1000])
    #expect(try parse("none") == [:])
  }

  @Test(
    "invalid planted events are refused with the wrong word",
    arguments: ["", "mul", "mule=x", "mule=", "mule,mule", "mule,", "none,mule", "mule=-1"])
  func refused(text: String) {
    do throws(Fault) {
      _ = try parse(text)
      Issue.record("no error")
    } catch {
      #expect(error.exitCode == .usage)
      #expect(error.message.hasPrefix("option --typologies: "))
    }
  }

  @Test("an unknown planted event is refused with the nearest kind")
  func nearest() {
    #expect(
      throws: Fault.usage(
        "option --typologies: 'mul' is no kind", hint: "did you mean mule?")
    ) { try parse("mul") }
  }
}

@Suite("Partial files")
struct PartialFileTests {
  @Test("a file appears under its name only when it is complete")
  func appear() throws {
    let directory = FileManager.default.temporaryDirectory
      .appending(path: "payops-partial-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let target = directory.appending(path: "a b.csv")
    func names() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: directory.path)
    }
    let first = try PartialFile(for: target)
    try Data("old".utf8).withUnsafeBytes { try first.write($0) }
    #expect(!FileManager.default.fileExists(atPath: target.path))
    try first.finish()
    #expect(try names() == ["a b.csv"])
    let second = try PartialFile(for: target)
    try Data("new".utf8).withUnsafeBytes { try second.write($0) }
    second.discard()
    #expect(try names() == ["a b.csv"])
    #expect(try String(contentsOf: target, encoding: .utf8) == "old")
  }
}
