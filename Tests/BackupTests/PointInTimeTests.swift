import Foundation
import MariaDBClient
import TestSupport
import Testing

@testable import Backup
@testable import Restore

/// Restores to a moment from backups and binary logs, on a server of the suite's own.
@Suite("Point in time", .serialized)
struct PointInTimeTests {
  @Test("point-in-time recovery gives every state since the backup, and changes no other schema")
  func states() async throws {
    let site = try await LogSite.make()
    let backup = try await site.backUp()
    try await site.run(at: 10, "INSERT INTO orders (item) VALUES ('at 10')")
    let gtid = try await site.connection.query("SELECT @@gtid_binlog_pos AS gtid").rows.first?[
      "gtid"]
    try await site.run(at: 20, "UPDATE orders SET item = 'at 20' WHERE id = 1")
    // A schema named in the text, and one of the name that is restored to, are not ours.
    try await site.run(at: 30, "INSERT INTO other.kept VALUES (2)")
    try await site.run(
      at: 30, "CREATE DATABASE shop_2; CREATE TABLE shop_2.orders (x INT); DROP DATABASE shop_2")
    try await site.run(at: 40, "ALTER TABLE orders ADD COLUMN note INT; DELETE FROM log")
    try await site.run(at: 50, "TRUNCATE orders")
    let outcome = try await site.archive()
    #expect(!outcome.copied.isEmpty)
    #expect(try await site.archive().present == outcome.copied.count)

    let log = ["log 1", "log 2"]
    #expect(
      try await site.state(of: backup, at: .instant(site.base + 10))
        == log + ["order 1 before", "order 2 before too"])
    #expect(
      try await site.state(of: backup, at: .instant(site.base + 20))
        == log + ["log 3", "order 1 before", "order 2 before too", "order 3 at 10"])
    #expect(
      try await site.state(of: backup, at: .instant(site.base + 40))
        == log + ["log 3", "order 1 at 20", "order 2 before too", "order 3 at 10"])
    #expect(
      try await site.state(of: backup, at: .instant(site.base + 50))
        == ["order 1 at 20", "order 2 before too", "order 3 at 10"])
    #expect(
      try await site.state(of: backup, at: .gtid(try #require(gtid)))
        == log + ["log 3", "order 1 before", "order 2 before too", "order 3 at 10"])
    let kept = try await site.connection.query("SELECT COUNT(*) AS n FROM other.kept").rows
    #expect(kept.first?.integer("n") == 2)
    let now = try await site.connection.query("SELECT COUNT(*) AS n FROM orders").rows
    #expect(now.first?.integer("n") == 0)
    try await site.remove()
  }

  @Test("a moment beyond the logs, damaged logs and a dropped schema are refused")
  func refusals() async throws {
    let site = try await LogSite.make()
    let backup = try await site.backUp()
    func refusal(at seconds: Int64) async -> BackupError.Code? {
      do {
        _ = try await site.state(of: backup, at: .instant(site.base + seconds))
        return nil
      } catch {
        return (error as? BackupError)?.code
      }
    }
    #expect(await refusal(at: 1) == .logGap, "nothing is archived")
    try await site.run(at: 10, "INSERT INTO orders (item) VALUES ('at 10')")
    _ = try await site.archive()
    #expect(await refusal(at: 11) == .logGap, "the logs end before the moment")
    try await site.run(at: 20, "INSERT INTO orders (item) VALUES ('at 20')")
    _ = try await site.archive()
    #expect(await refusal(at: 11) == nil)
    try await site.run(at: 30, "DROP DATABASE shop; CREATE DATABASE shop")
    try await site.run(at: 40, "CREATE TABLE shop.t (n INT)")
    _ = try await site.archive()
    #expect(await refusal(at: 35) == .unsupported, "the schema is dropped")
    #expect(
      await refusal(at: -200_000) == .logGap, "the moment is before the backup")

    let logs = "\(site.folder.path)/binary-logs"
    let names = try FileManager.default.contentsOfDirectory(atPath: logs).sorted()
    try #require(names.count > 2)
    let middle = "\(logs)/\(names[1])"
    let whole = try #require(FileManager.default.contents(atPath: middle))
    try whole.dropLast(5).write(to: URL(filePath: middle))
    #expect(await refusal(at: 11) == .damaged, "a log is cut off")
    try FileManager.default.removeItem(atPath: middle)
    #expect(await refusal(at: 11) == .logGap, "a log is missing")
    try await site.remove()
  }

  @Test("a crash of the server does not end the archive")
  func crash() async throws {
    let site = try await LogSite.make()
    let backup = try await site.backUp()
    try await site.run(at: 10, "INSERT INTO orders (item) VALUES ('at 10')")
    await site.connection.close()
    try await site.server.kill()
    try await site.server.restart()
    let again = try await Connection.open(site.options)
    try await again.runScript(
      "SET TIMESTAMP = \(site.base + 20); INSERT INTO orders (item) VALUES ('at 20')")
    await again.close()
    _ = try await site.archive()
    let result = try await PointInTime(
      backup, in: site.folder, key: nil, moment: .instant(site.base + 20), connections: 1,
      payopsVersion: "test"
    ).run()
    let orders = result.backup.tables.first { $0.name == "orders" }
    #expect(orders?.rows == 3)
    try await site.server.remove()
  }

  @Test("logs expire with the backups that they start from, and no others")
  func expiry() async throws {
    try await BackupSample.withSchema { connection in
      try await connection.runScript("CREATE TABLE t (a INT)")
      let sample = try await BackupSample.make(connection).withManifest {
        $0["position"] = ["gtid": "", "file": "binlog.000003", "offset": 4]
      }
      let logs = "\(sample.folder.path)/binary-logs"
      try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
      let names = ["binlog.000001", "binlog.000002", "binlog.000003", "binlog.000004"]
      for name in names + ["other.000001", "notes.txt"] {
        try Data().write(to: URL(filePath: "\(logs)/\(name)"))
      }
      let archive = BinaryLogArchive(folder: sample.folder)
      #expect(try archive.expire() == [], "no backup is there")
      try sample.folder.update(sample.manifest)
      let broken = "\(sample.folder.path)/shop-20260101T000000Z-7"
      try FileManager.default.createDirectory(atPath: broken, withIntermediateDirectories: true)
      try Data("{".utf8).write(to: URL(filePath: "\(broken)/manifest.json"))
      #expect(try archive.expire() == [], "a backup that cannot be read may need them")
      try FileManager.default.removeItem(atPath: broken)
      #expect(try archive.expire() == ["binlog.000001", "binlog.000002"])
      let left = try FileManager.default.contentsOfDirectory(atPath: logs).sorted()
      #expect(left == ["binlog.000003", "binlog.000004", "notes.txt", "other.000001"])
    }
  }

  @Test("statements that do not belong in a log of a schema are refused or left out")
  func replayGuard() throws {
    func decision(_ text: String) throws -> ReplayGuard.Decision {
      ReplayGuard.decision(on: try SQLToken.tokens(of: Array(text.utf8)))
    }
    let run = [
      "INSERT INTO t VALUES (1)", "BINLOG 'AAAA'", "START TRANSACTION", "COMMIT",
      "SET TIMESTAMP=1795911431.199132", "/*M!100001 SET @@session.gtid_seq_no=9*/",
      "SET @@session.sql_mode=1411383296, @@session.autocommit=1", "create table t (a int)",
      "CREATE DEFINER=`root`@`localhost` PROCEDURE `p`() SET GLOBAL x = 1", "drop table t",
      "CREATE UNIQUE INDEX i ON t (a)",
      "SET STATEMENT max_statement_time=1 FOR ALTER TABLE t ADD b INT",
    ]
    for text in run { #expect(try decision(text) == .run, "\(text)") }
    let leftOut = [
      "GRANT ALL ON *.* TO eve", "create user x", "DROP ROLE r", "SET PASSWORD FOR x = ''",
      "FLUSH PRIVILEGES", "SET DEFAULT ROLE r FOR x", "/*! GRANT ALL ON *.* TO eve */",
    ]
    for text in leftOut { #expect(try decision(text) == .leaveOut, "\(text)") }
    let refused = [
      "SET GLOBAL general_log = 1", "SET @@global.general_log = 1", "INSTALL SONAME 'x'",
      "LOAD DATA INFILE '/etc/passwd' INTO TABLE t", "SELECT 1 INTO OUTFILE '/tmp/x'",
      "CREATE FUNCTION f RETURNS STRING SONAME 'x.so'",
      "CREATE SERVER s FOREIGN DATA WRAPPER mysql",
      "SHUTDOWN", "CHANGE MASTER TO MASTER_HOST = 'x'", "SET @@session.timestamp=1, GLOBAL x=1",
      "SET STATEMENT max_statement_time=1 FOR INSTALL SONAME 'x'", "HANDLER t OPEN",
    ]
    for text in refused {
      if case .refuse = try decision(text) { continue }
      Issue.record("\(text) is not refused")
    }
  }

  @Test("point-in-time recovery needs a server with a binary log")
  func withoutLog() async throws {
    try await TestServer.withSchema(deployed: false) { connection in
      let folder = BackupFolder(
        path: try TemporaryDirectory.make("backups").path(percentEncoded: false))
      await #expect(throws: BackupError.self) {
        _ = try await BinaryLogArchive(folder: folder).run(connection.options, flushes: false)
      }
    }
  }
}
