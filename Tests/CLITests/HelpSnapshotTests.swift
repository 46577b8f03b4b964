import Foundation
import Testing

@Suite("Help texts", .timeLimit(.minutes(5)))
struct HelpSnapshotTests {
  private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Snapshots")

  /// All verbs with their sub-verbs, as the program itself declares them.
  private func verbs() async throws -> [[String]] {
    struct Declared: Decodable {
      let name: String
      let verbs: [Declared]
    }
    let run = try await ProgramRun.payops(["help", "--json"])
    let tree = try JSONDecoder().decode(Declared.self, from: Data(run.output.utf8))
    func paths(_ verb: Declared, _ prefix: [String]) -> [[String]] {
      [prefix + [verb.name]] + verb.verbs.flatMap { paths($0, prefix + [verb.name]) }
    }
    return tree.verbs.flatMap { paths($0, []) }
  }

  @Test("help texts of every verb and topic are as recorded; PAYOPS_UPDATE_SNAPSHOTS=1 renews")
  func snapshots() async throws {
    let isUpdating = ProcessInfo.processInfo.environment["PAYOPS_UPDATE_SNAPSHOTS"] == "1"
    var pages: [(name: String, arguments: [String])] = [("payops", ["--help"])]
    for path in try await verbs() {
      pages.append((path.joined(separator: "-"), path + ["--help"]))
    }
    for topic in ["connection", "exit-codes", "output"] {
      pages.append(("topic-" + topic, ["help", topic]))
    }
    for (name, arguments) in pages {
      let run = try await ProgramRun.payops(arguments)
      #expect(run.status == 0, "\(name)")
      #expect(run.errors == "", "\(name)")
      #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(name)")
      let file = Self.directory.appending(path: name + ".txt")
      if isUpdating { try Data(run.output.utf8).write(to: file) }
      let golden = try? String(contentsOf: file, encoding: .utf8)
      #expect(run.output == golden, "help of \(name) differs from \(name).txt")
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.directory.path)
    #expect(Set(files) == Set(pages.map { $0.name + ".txt" }), "a snapshot without a page")
  }

  @Test("`help VERB` and `VERB --help` print the same text")
  func bothWays() async throws {
    for path in try await verbs() {
      let byVerb = try await ProgramRun.payops(["help"] + path)
      let byFlag = try await ProgramRun.payops(path + ["-h"])
      #expect(byVerb.output == byFlag.output)
      #expect(!byVerb.output.isEmpty)
    }
  }
}
