import Backup
import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("Log archiving when killed, interrupted or out of space", .timeLimit(.minutes(10)))
struct LogArchiveFaultTests {
  /// The fault points that only archiving reaches.
  static let points = [
    "archive.receiving", "archive.copied", "archive.published", "archive.merged",
  ]

  private static let logged = ["--log-bin=binlog", "--server-id=1", "--binlog-format=ROW"]

  /// Runs a body with a fixture on a server with a binary log.
  private func withFixture(_ body: (BackupFixture) async throws -> Void) async throws {
    try await BackupFixture.open(options: Self.logged, body)
  }

  private func files(_ fixture: BackupFixture) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(fixture.folder)/binary-logs").sorted()
  }

  /// Checks that each closed log is one file, and the open one is archived in parts up to its end.
  private func expectComplete(_ fixture: BackupFixture) async throws {
    var names: [String] = []
    var logs: [[Substring]] = []
    // The server writes a checkpoint by itself, some time after it has begun a log.
    try await BackupFixture.eventually("the open log is archived to its end") {
      logs = try await fixture.rows("SHOW BINARY LOGS").map { $0.split(separator: "|") }
      names = try files(fixture).filter { $0.hasPrefix("binlog.") }
      let open = try #require(logs.last)
      if names.contains(where: { $0.hasPrefix(open[0]) && $0.hasSuffix("-\(open[1]).zst") }) {
        return true
      }
      #expect(try await fixture.payops(["backup", "archive-logs"]).status == 0)
      return false
    }
    for log in logs.dropLast() {
      #expect(names.filter { $0.hasPrefix(log[0]) } == ["\(log[0]).\(log[1]).zst"])
    }
    let open = try #require(logs.last)
    #expect(!names.contains { $0.hasPrefix("\(open[0]).\(open[1])") })
  }

  /// Checks that a restore to the end of the logs gives the present contents of the schema.
  private func expectReplayed(_ fixture: BackupFixture, from backup: String) async throws {
    let gtid = try #require(try await fixture.rows("SELECT @@gtid_binlog_pos").first)
    let now = try await fixture.state()
    let run = try await fixture.payops(
      ["restore", backup, "--to-gtid", gtid, "--as", "copy"], deadline: .seconds(300))
    #expect(run.status == 0, "\(run)")
    let copy = try await fixture.state(of: "copy")
    #expect(copy.rows["payments"] == now.rows["payments"])
    #expect(copy.rows["zones"] == now.rows["zones"])
  }

  @Test(
    "a killed archive run affects neither the next one nor a restore",
    arguments: points, [false, true])
  func killed(point: String, follows: Bool) async throws {
    try await withFixture { fixture in
      let good = try await fixture.makeGoodBackup()
      // A part of the open log exists, which the killed run extends and joins.
      let first = try await fixture.payops(["backup", "archive-logs"])
      #expect(first.status == 0, "\(first)")
      try await fixture.change()
      try await fixture.execute(["FLUSH BINARY LOGS", "INSERT INTO zones VALUES (9, 'last')"])
      let before = try await fixture.state()
      let command =
        ["backup", "archive-logs"] + (follows ? ["--follow", "--interval", "1"] : [])
      try await fixture.runKilled(at: point, command)
      try await fixture.expectUnchanged(since: before)
      #expect(try await fixture.backups() == [good: "verified"])
      // The archive holds a beginning of the log or all of it, and nothing else.
      let check = try await fixture.payops(["backup", "check", "--checksum"])
      #expect(check.status == 0, "\(check)")
      let again = try await fixture.payops(["backup", "archive-logs"])
      #expect(again.status == 0, "\(again)")
      try await expectComplete(fixture)
      try await fixture.expectNothingLeft()
      try await expectReplayed(fixture, from: good)
    }
  }

  @Test(
    "a signal ends following cleanly and reports what is archived", arguments: [SIGINT, SIGTERM])
  func signal(number: Int32) async throws {
    try await withFixture { fixture in
      let good = try await fixture.makeGoodBackup()
      let run = try await fixture.payops(
        ["backup", "archive-logs", "--follow", "--interval", "1"], pausedAt: nil
      ) { running in
        try await waitUntilReached(fixture)
        // Other commands use the folder meanwhile.
        let second = try await fixture.payops(["backup", "create", "--on", "server"])
        #expect(second.status == 0, "\(second)")
        let prune = try await fixture.payops(["backup", "prune", "--on", "server"])
        #expect(prune.status == 0, "\(prune)")
        let copy = try await fixture.payops(["backup", "archive-logs"])
        #expect(copy.status == 0 && copy.errors.contains("nothing to do"), "\(copy)")
        let follower = try await fixture.payops(["backup", "archive-logs", "--follow"])
        #expect(follower.status == 75, "\(follower)")
        try await fixture.change()
        try await waitUntilReached(fixture)
        try await running.signal(number)
        try await running.waitUntilEnded()
      }
      #expect(run.status == 0, "\(run)")
      let parts = try files(fixture).compactMap { name in
        name.wholeMatch(of: #/(binlog\.\d+)\.\d+-(\d+)\.zst/#).map {
          (log: String($0.1), end: Int($0.2) ?? 0)
        }
      }
      let last = try #require(parts.max { ($0.log, $0.end) < ($1.log, $1.end) })
      #expect(
        run.output.hasPrefix("ended; archived up to byte \(last.end) of \(last.log) "), "\(run)")
      try await expectComplete(fixture)
      try await fixture.expectNothingLeft()
      try await expectReplayed(fixture, from: good)
    }
  }

  /// Waits until everything that the server has written is archived.
  private func waitUntilReached(_ fixture: BackupFixture) async throws {
    let end = try #require(
      try await fixture.rows("SHOW MASTER STATUS").first?.split(separator: "|"))
    try await BackupFixture.eventually("\(end[0]) is archived to \(end[1])") {
      (try? files(fixture))?.contains {
        $0.hasPrefix("\(end[0]).") && $0.hasSuffix("-\(end[1]).zst")
      } == true
    }
  }

  @Test("a full disk ends the run, and the archive stays intact")
  func fullDisk() async throws {
    try await withFixture { fixture in
      let good = try await fixture.makeGoodBackup()
      #expect(try await fixture.payops(["backup", "archive-logs"]).status == 0)
      let before = try files(fixture)
      try await fixture.execute([
        "CREATE TABLE bulk (bulk_id INT PRIMARY KEY, content VARCHAR(128))",
        "INSERT INTO bulk SELECT seq, SHA2(seq, 512) FROM seq_1_to_8000",
      ])
      // Files may not reach the length of the compressed part.
      let limit = ["/bin/sh", "-c", "trap '' XFSZ; exec prlimit --fsize=200000 \"$@\"", "sh"]
      for more in [[], ["--follow"]] {
        let run = try await fixture.payops(["backup", "archive-logs"] + more, wrapper: limit)
        #expect(run.status == 73, "\(run)")
        #expect(run.errors.contains("File too large"), "\(run)")
        #expect(try files(fixture) == before)
      }
      try await fixture.expectNothingLeft()
      #expect(try await fixture.payops(["backup", "archive-logs"]).status == 0)
      try await expectComplete(fixture)
      try await fixture.expectAllGood(including: [good])
    }
  }

  @Test("backup check names the age of the archive and the missing logs")
  func check() async throws {
    try await withFixture { fixture in
      _ = try await fixture.makeGoodBackup()
      func check(_ more: [String] = []) async throws -> (status: Int32, logs: [String: Any]?) {
        let run = try await fixture.payops(["backup", "check", "--json"] + more)
        let object = try #require(
          try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any], "\(run)")
        return (run.status, object["logs"] as? [String: Any])
      }
      var found = try await check()
      #expect(found.status == 0 && found.logs == nil, "nothing is archived, nobody asked")
      found = try await check(["--max-log-age", "5m"])
      #expect(found.status == 1 && found.logs?["ok"] as? Bool == false)
      for _ in 1...2 {
        #expect(try await fixture.payops(["backup", "archive-logs", "--flush"]).status == 0)
      }
      found = try await check(["--max-log-age", "5m"])
      #expect(found.status == 0 && found.logs?["ok"] as? Bool == true)
      let status = "\(fixture.folder)/binary-logs/status-binlog.json"
      let text = try String(contentsOfFile: status, encoding: .utf8)
      let old = text.replacing(#/"reached_epoch":\d+/#, with: "\"reached_epoch\":1000")
      try #require(old != text)
      try old.write(toFile: status, atomically: true, encoding: .utf8)
      found = try await check()
      #expect(found.status == 1 && (found.logs?["age_seconds"] as? Int ?? 0) > 1_000_000)
      try text.write(toFile: status, atomically: true, encoding: .utf8)
      #expect(try await check().status == 0)
      let name = try #require(try files(fixture).first { $0.hasPrefix("binlog.") })
      unlink("\(fixture.folder)/binary-logs/\(name)")
      found = try await check()
      #expect(found.status == 1 && (found.logs?["missing"] as? [String])?.count == 1)
      let run = try await fixture.payops(["backup", "check"])
      #expect(run.output.hasPrefix("CRITICAL: ") && run.output.contains("is missing"), "\(run)")
    }
  }

  @Test("a server without a binary log is not a failure where that is allowed")
  func withoutLog() async throws {
    try await BackupFixture.open { fixture in
      let job = try await fixture.payops(["backup", "archive-logs", "--if-logged"])
      #expect(job.status == 0 && job.errors.contains("writes no binary log"), "\(job)")
      let run = try await fixture.payops(["backup", "archive-logs"])
      #expect(run.status == 78, "\(run)")
    }
  }
}
