import Foundation
import MariaDBClient
import TestSupport
import Testing

@testable import Backup

/// Backups brought forward with binary logs, on a server of the suite's own.
@Suite("Point in time", .serialized)
struct PointInTimeTests {
  /// A server with a binary log, a schema on it, and a folder for backups.
  private struct Site {
    let server: PrivateServer
    let folder: BackupFolder
    let connection: Connection
    let options: ConnectionOptions
    /// Instant of the first change after the backup: far enough ahead that no clock gets there.
    let base = Int64(Date().timeIntervalSince1970) + 100_000

    static func make() async throws -> Site {
      let server = try await TestServer.privateServer(options: [
        "--log-bin=binlog", "--server-id=7", "--binlog-format=ROW",
      ])
      var options = server.connectionOptions
      let administrator = try await Connection.open(options)
      try await administrator.runScript(
        """
        CREATE DATABASE shop CHARACTER SET utf8mb4;
        CREATE DATABASE other CHARACTER SET utf8mb4;
        CREATE TABLE other.kept (n INT);
        INSERT INTO other.kept VALUES (1);
        """)
      await administrator.close()
      options.database = "shop"
      let connection = try await Connection.open(options)
      try await connection.runScript(
        """
        CREATE TABLE orders (id INT PRIMARY KEY AUTO_INCREMENT, item VARCHAR(20));
        CREATE TABLE log (id INT);
        CREATE TRIGGER orders_log AFTER INSERT ON orders FOR EACH ROW
          INSERT INTO log VALUES (NEW.id);
        INSERT INTO orders (item) VALUES ('before'), ('before too');
        """)
      return Site(
        server: server,
        folder: BackupFolder(
          path: try TemporaryDirectory.make("backups").path(percentEncoded: false)),
        connection: connection, options: options)
    }

    /// Runs statements as if at an instant after the base.
    func run(at seconds: Int64, _ script: String) async throws {
      try await connection.runScript("SET TIMESTAMP = \(base + seconds);" + script)
    }

    func backUp() async throws -> BackupManifest {
      try await BackupCreation(options: options, folder: folder, payopsVersion: "test").run()
    }

    func archive() async throws -> BinaryLogArchive.Outcome {
      try await BinaryLogArchive(folder: folder).run(options, flushes: true)
    }

    /// Brings a backup forward, restores the result into another schema, and gives what is there.
    func state(of backup: BackupManifest, at moment: RestoreMoment) async throws -> [String] {
      let result = try await PointInTime(
        backup, in: folder, key: nil, moment: moment, connections: 1, payopsVersion: "test"
      ).run()
      let schema = "shop_\(result.backup.sequence)"
      try await Restore(
        result.backup, in: folder, key: nil, plan: RestorePlan(options: options, schema: schema)
      ).run()
      let rows = try await connection.query(
        """
        SELECT CONCAT('order ', id, ' ', item) AS fact FROM \(schema).orders
        UNION ALL SELECT CONCAT('log ', id) FROM \(schema).log ORDER BY fact
        """
      ).rows
      return rows.compactMap { $0["fact"] }
    }

    func remove() async throws {
      await connection.close()
      try await server.remove()
    }
  }

  @Test("gives every state between the backup and now, and touches no other schema")
  func states() async throws {
    let site = try await Site.make()
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

  @Test("is refused where the logs do not reach, are damaged, or drop the schema")
  func refusals() async throws {
    let site = try await Site.make()
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

  @Test("needs a server with a binary log")
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
