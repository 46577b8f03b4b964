import Foundation
import MariaDBClient
import TestSupport
import Testing

@testable import Backup
@testable import Restore

/// A server with a binary log, a schema on it, and a folder for backups.
struct LogSite: Sendable {
  let server: PrivateServer
  let folder: BackupFolder
  let connection: Connection
  let options: ConnectionOptions
  /// Instant of the first change after the backup, far in the future.
  let base = Int64(Date().timeIntervalSince1970) + 100_000

  static func make() async throws -> LogSite {
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
    return LogSite(
      server: server,
      folder: BackupFolder(
        path: try TemporaryDirectory.make("backups").path(percentEncoded: false)),
      connection: connection, options: options)
  }

  /// Runs statements as if at an instant after the base.
  func run(at seconds: Int64, _ script: String) async throws {
    try await connection.runScript("SET TIMESTAMP = \(base + seconds);" + script)
  }

  func backUp(key: EncryptionKey? = nil) async throws -> BackupManifest {
    try await BackupCreation(options: options, folder: folder, key: key, payopsVersion: "test")
      .run()
  }

  @discardableResult
  func archive(
    flushes: Bool = true, key: EncryptionKey? = nil
  ) async throws -> BinaryLogArchive.Outcome {
    try #require(
      try await BinaryLogArchive(folder: folder, key: key).run(options, flushes: flushes))
  }

  /// Restores a backup to a moment in another schema, and returns its contents.
  func state(
    of backup: BackupManifest, at moment: RestoreMoment, key: EncryptionKey? = nil,
    allowsUnsealed: Bool = false
  ) async throws -> [String] {
    let result = try await PointInTime(
      backup, in: folder, key: key, moment: moment, connections: 1,
      allowsUnsealed: allowsUnsealed, payopsVersion: "test"
    ).run()
    let schema = "shop_\(result.backup.sequence)"
    try await Restore(
      result.backup, in: folder, key: key, plan: RestorePlan(options: options, schema: schema)
    ).run()
    let rows = try await connection.query(
      """
      SELECT CONCAT('order ', id, ' ', item) AS fact FROM \(schema).orders
      UNION ALL SELECT CONCAT('log ', id) FROM \(schema).log ORDER BY fact
      """
    ).rows
    return rows.compactMap { $0["fact"] }
  }

  /// The folder of the archived logs.
  var logs: String { "\(folder.path)/binary-logs" }

  /// The files with logs.
  func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: logs).sorted()
      .filter { $0.hasPrefix("binlog.") }
  }

  /// A log as the server has it.
  func original(_ log: String) throws -> Data {
    try Data(contentsOf: server.directory.appending(path: "data/\(log)"))
  }

  /// The logs of the server, the current one last.
  func onServer() async throws -> [String] {
    try await connection.query("SHOW BINARY LOGS").rows.compactMap { $0.text(at: 0) }
  }

  func remove() async throws {
    await connection.close()
    try await server.remove()
  }
}
