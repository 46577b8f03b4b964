import Foundation
import TestSupport
import Testing

@Suite("payops detect", .timeLimit(.minutes(5)))
struct DetectCommandTests {
  /// A daily curve of 5 minutes with a step for an hour at index 700.
  private func sample(label: Bool = false) -> String {
    var text = label ? "timestamp,value,label\n" : "timestamp,value\n"
    for index in 0..<1000 {
      let (day, minute) = (1 + index / 288, index % 288 * 5)
      let time = String(format: "2026-03-%02d %02d:%02d:00", day, minute / 60, minute % 60)
      let wave = Double((index * 7919) % 101) / 50
      text += "\(time),\(wave + ((700..<712).contains(index) ? 20 : 0))\(label ? ",1" : "")\n"
    }
    return text
  }

  @Test("writes timestamp, value, score and label of each point, the same by every way")
  func scores() async throws {
    let folder = try TemporaryDirectory.make("detect")
    defer { TemporaryDirectory.remove(folder) }
    let file = folder.appending(path: "series.csv")
    let out = folder.appending(path: "scores.csv")
    try Data(sample().utf8).write(to: file)
    let run = try await ProgramRun.payops(["detect", file.path, "--out", out.path])
    #expect(run.status == 0 && run.errors == "", "\(run)")
    #expect(run.output.hasPrefix("1,000 points in \(out.path), "), "\(run.output)")
    let text = try String(contentsOf: out, encoding: .utf8)
    let lines = text.split(separator: "\n").map { $0.split(separator: ",") }
    #expect(lines[0] == ["timestamp", "value", "anomaly_score", "label"])
    #expect(lines.count == 1001 && lines.allSatisfy { $0.count == 4 })
    #expect(lines[1][0] == "2026-03-01 00:00:00" && lines.dropFirst().allSatisfy { $0[3] == "0" })
    let scores = lines.dropFirst().compactMap { Double($0[2]) }
    #expect(scores.count == 1000 && scores.allSatisfy { (0...1).contains($0) })
    #expect(scores[700] > 0.45 && scores[700..<724].max() == scores.max())
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)

    let piped = try await ProgramRun.payops(["detect", file.path])
    #expect(piped.output == text && piped.status == 0)
    let finding = try await ProgramRun.payops(
      ["detect", file.path, "--out", out.path, "--json", "--fail-on-anomaly"])
    #expect(finding.status == 1)
    let json = try JSONSerialization.jsonObject(with: Data(finding.output.utf8)) as? [String: Any]
    #expect(json?["points"] as? Int == 1000 && json?["missing"] as? Int == 0)
    #expect((json?["anomalies"] as? [[String: Any]])?.isEmpty == false)

    try Data(sample(label: true).utf8).write(to: file)
    let labelled = try await ProgramRun.payops(["detect", file.path])
    #expect(labelled.output.split(separator: "\n").dropFirst().allSatisfy { $0.hasSuffix(",1") })
  }

  @Test("names file and line of what it cannot read, and leaves an older result alone")
  func errors() async throws {
    let folder = try TemporaryDirectory.make("detect")
    defer { TemporaryDirectory.remove(folder) }
    let file = folder.appending(path: "series.csv")
    let out = folder.appending(path: "scores.csv")
    try Data("older\n".utf8).write(to: out)
    let cases: [(String, String, Int32)] = [
      ("", "is empty", 65),
      ("time,value\n", "line 1: the header has no column timestamp", 65),
      ("timestamp,value\n2026-03-01 00:00:00,1\nyesterday,2\n", "line 3: column timestamp", 65),
      ("timestamp,value\n2026-03-01 00:00:00,nan\n", "line 2: column value holds no number", 65),
      ("timestamp,value\n2026-03-01 00:00:00\n", "line 2: there are 1 fields", 65),
      ("timestamp,value\n2026-03-01 00:00:00,\"1\n", "line 2: a quote", 65),
    ]
    for (text, message, status) in cases {
      try Data(text.utf8).write(to: file)
      let run = try await ProgramRun.payops(["detect", file.path, "--out", out.path])
      #expect(run.status == status && run.output == "", "\(run)")
      #expect(run.errors.contains(file.path) && run.errors.contains(message), "\(run.errors)")
      #expect(try String(contentsOf: out, encoding: .utf8) == "older\n")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)
    #expect(try await ProgramRun.payops(["detect", folder.path + "/none.csv"]).status == 74)
    #expect(try await ProgramRun.payops(["detect", file.path, "--json"]).status == 64)
    try Data(sample().utf8).write(to: file)
    let nowhere = try await ProgramRun.payops(
      ["detect", file.path, "--out", "/nowhere/scores.csv"])
    #expect(nowhere.status == 73 && nowhere.errors.contains("/nowhere/scores.csv"), "\(nowhere)")
  }
}
