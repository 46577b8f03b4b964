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

  @Test("detect writes timestamp, value, score and label of each point to any kind of output")
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
    #expect(lines.first == ["timestamp", "value", "anomaly_score", "label"])
    try #require(lines.count == 1001 && lines.allSatisfy { $0.count == 4 })
    #expect(lines[1][0] == "2026-03-01 00:00:00" && lines.dropFirst().allSatisfy { $0[3] == "0" })
    let scores = lines.dropFirst().compactMap { Double($0[2]) }
    try #require(scores.count == 1000 && scores.allSatisfy { (0...1).contains($0) })
    #expect(scores[700] > 0.45 && scores[700..<724].max() == scores.max())
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 2)

    // The names of the columns do not matter.
    try Data(sample().replacing("timestamp,value", with: "hour,sales").utf8).write(to: file)
    #expect(try await ProgramRun.payops(["detect", file.path]).output == text)
    let named = try await ProgramRun.payops(
      ["detect", file.path, "--time-column", "hour", "--value-column", "sales"])
    #expect(named.output == text && named.status == 0, "\(named.errors)")

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

  @Test("detect names file and line of an error, and keeps an older result")
  func errors() async throws {
    let folder = try TemporaryDirectory.make("detect")
    defer { TemporaryDirectory.remove(folder) }
    let file = folder.appending(path: "series.csv")
    let out = folder.appending(path: "scores.csv")
    try Data("older\n".utf8).write(to: out)
    let cases: [(String, String, Int32)] = [
      ("", "is empty", 65),
      ("time,amount\nnoon,3\n", "line 2: column time does not hold a time", 65),
      ("timestamp,value\n2026-03-01 00:00:00,1\nyesterday,2\n", "line 3: column timestamp", 65),
      (
        "timestamp,value\n2026-03-01 00:00:00,nan\n", "line 2: column value does not hold a number",
        65
      ),
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

  /// Hourly counts of a day with three hours without payments, and two days to compare with.
  private func hours(dark: ClosedRange<Int> = 14...16) -> String {
    let usual = [
      9, 3, 2, 1, 0, 1, 4, 8, 15, 28, 45, 46, 41, 40, 40, 44, 42, 36, 30, 30, 29, 29, 25, 15,
    ]
    var text = "time,today,Yesterday,avg_last_week\n"
    for (hour, count) in usual.enumerated() {
      let today = dark.contains(hour) ? 0 : count + hour % 3
      text += "\(hour)h,\(today),\(max(0, count + 2 - hour % 5)),\(Double(count) * 0.6)\n"
    }
    return text
  }

  @Test("detect judges a day by other columns of the file, in every output format")
  func comparison() async throws {
    let folder = try TemporaryDirectory.make("detect")
    defer { TemporaryDirectory.remove(folder) }
    let file = folder.appending(path: "hours.csv")
    try Data(hours().utf8).write(to: file)
    let arguments = ["detect", file.path, "--against", "yesterday,avg_last_week"]
    let table = try await ProgramRun.payops(arguments)
    #expect(table.status == 0 && table.errors == "", "\(table)")
    #expect(table.output.contains("low from 14h to 16h: 0 of 1"), "\(table.output)")
    let csv = try await ProgramRun.payops(arguments + ["--format", "csv", "--fail-on-anomaly"])
    #expect(csv.status == 1)
    let lines = csv.output.split(whereSeparator: \.isNewline)
    #expect(lines.first == "time,observed,expected,lower,upper,probability,verdict,reason")
    #expect(lines.count == 25)
    #expect(lines.filter { $0.contains(",low,") }.map { $0.prefix(3) } == ["14h", "15h", "16h"])
    let json = try await ProgramRun.payops(
      arguments + ["--json", "--time-column", "TIME", "--value-column", "today"])
    let read = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect((read?["rows"] as? [[String: Any]])?.count == 24)
    let incidents = read?["incidents"] as? [[String: Any]]
    #expect(incidents?.count == 1 && incidents?.first?["from"] as? String == "14h")
    #expect((read?["against"] as? [[String: Any]])?.last?["column"] as? String == "avg_last_week")

    try Data(hours(dark: 99...99).utf8).write(to: file)
    let quiet = try await ProgramRun.payops(arguments + ["--fail-on-anomaly"])
    #expect(quiet.status == 0 && quiet.output.hasSuffix("nothing found\n"), "\(quiet)")
    // The last day that was recorded is not the first column of every file.
    let other = try await ProgramRun.payops(
      ["detect", file.path, "--value-column", "yesterday", "--against", "today,avg_last_week"])
    #expect(other.status == 0 && other.output.contains("level of yesterday"))
  }

  @Test("detect names what is wrong with a file of comparisons")
  func badComparison() async throws {
    let folder = try TemporaryDirectory.make("detect")
    defer { TemporaryDirectory.remove(folder) }
    let file = folder.appending(path: "hours.csv")
    let head = "time,today,yesterday\n"
    let cases: [(String, String)] = [
      ("", "is empty"), (head, "has no row below its header"),
      ("time,today\n1,2\n", "fewer than three columns"),
      ("time,today,before\n", "the header has no column yesterday"),
      ("time,today,yesterday,yesterday\n", "has column yesterday twice"),
      ("time,yesterday,today\n", "column yesterday cannot be compared with itself"),
      (head + "0h,1,2\n1h,many,2\n", "line 3: column today does not hold a count"),
      (head + "0h,1,-2\n", "line 2: column yesterday does not hold a count"),
      (head + "0h,1,nan\n", "line 2: column yesterday does not hold a count"),
      (head + "0h,1\n", "line 2: there are 2 fields, the header has 3"),
      (head + "0h,1,\"2\n", "line 2: a quote"),
    ]
    for (text, message) in cases {
      try Data(text.utf8).write(to: file)
      let run = try await ProgramRun.payops(["detect", file.path, "--against", "yesterday"])
      #expect(run.status == 65 && run.output == "", "\(run)")
      #expect(run.errors.contains(file.path) && run.errors.contains(message), "\(run.errors)")
    }
    try Data((head + "0h,1,2\n").utf8).write(to: file)
    let few = try await ProgramRun.payops(["detect", file.path, "--against", "yesterday"])
    #expect(few.status == 0 && few.output.contains("too few rows"), "\(few)")
    for arguments in [
      ["--against", "yesterday,"], ["--against", "yesterday", "--out", "x"],
      ["--against", "yesterday", "--threshold", "0.5"], ["--format", "csv"],
    ] {
      #expect(try await ProgramRun.payops(["detect", file.path] + arguments).status == 64)
    }
  }

  @Test(
    "the outage of the real day is found; on the day before only the late morning",
    .enabled(if: ProcessInfo.processInfo.environment["PAYOPS_DATA"]?.isEmpty == false))
  func checkouts() async throws {
    let folder = ProcessInfo.processInfo.environment["PAYOPS_DATA"] ?? ""
    for (name, expected) in [
      ("checkout_1", ["08h low", "09h low"]),
      ("checkout_2", ["14h low", "15h low", "16h low", "17h low", "18h low"]),
    ] {
      let run = try await ProgramRun.payops([
        "detect", "\(folder)/cloudwalk/\(name).csv", "--against",
        "yesterday,same_day_last_week,avg_last_week,avg_last_month", "--format", "csv",
      ])
      #expect(run.status == 0, "\(run)")
      let found = run.output.split(whereSeparator: \.isNewline).map { $0.split(separator: ",") }
        .compactMap { fields -> String? in
          let verdict = fields.first { $0 == "low" || $0 == "high" }
          return verdict.map { "\(fields[0]) \($0)" }
        }
      #expect(found == expected, "\(name)")
    }
  }

  @Test("the test run says when real data are not available")
  func presence() {
    guard ProcessInfo.processInfo.environment["PAYOPS_DATA"]?.isEmpty != false else { return }
    print("PAYOPS_DATA is not set: payops detect was not tried on the real hours")
  }
}
