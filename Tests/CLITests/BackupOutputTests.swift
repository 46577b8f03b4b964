import Foundation
import MariaDBClient
import TestSupport
import Testing

/// The output of the backup commands, from the first backup to a restore.
@Suite("Output of the backup commands", .timeLimit(.minutes(10)))
struct BackupOutputTests {
  /// One line is one call; ID is the backup in the folder plain.
  private static let calls = """
    backup create --dir FOLDER/sealed --encrypt FOLDER/key --no-verify
    backup list --dir FOLDER/plain
    backup list --dir FOLDER/plain --json
    backup list --dir FOLDER/plain --checksum
    backup list --dir FOLDER/sealed
    backup list --dir FOLDER/nowhere
    backup show ID --dir FOLDER/plain
    backup show ID --dir FOLDER/plain --json
    backup show nosuch --dir FOLDER/plain
    backup check --dir FOLDER/plain
    backup check --dir FOLDER/plain --json
    backup check --dir FOLDER/plain --checksum
    backup check --dir FOLDER/sealed
    backup check --dir FOLDER/nowhere
    backup pin ID --dir FOLDER/plain
    backup list --dir FOLDER/plain
    backup prune --dir FOLDER/plain --dry-run
    backup prune --dir FOLDER/plain --dry-run --json
    backup unpin ID --dir FOLDER/plain
    backup verify --latest --dir FOLDER/sealed
    backup verify --latest --dir FOLDER/sealed --key FOLDER/key
    backup verify ID --dir FOLDER/plain --on server --json
    backup verify nosuch --dir FOLDER/plain
    backup anchor --dir FOLDER/plain
    restore ID --dir FOLDER/plain --as copy --dry-run
    restore ID --dir FOLDER/plain --as copy
    restore ID --dir FOLDER/plain --as copy
    restore --latest --dir FOLDER/plain --as copy --replace
    restore ID --dir FOLDER/plain --as copy --replace --confirm other
    restore ID --dir FOLDER/plain --as copy --replace --confirm copy --no-safety-backup
    restore ID --dir FOLDER/plain --as part --tables zones,shops
    restore ID --dir FOLDER/plain --as part2 --tables nosuch
    restore nosuch --dir FOLDER/plain --as other
    restore --latest --dir FOLDER/nowhere --as other
    restore --finish --as copy --dir FOLDER/plain
    """

  @Test("the output of the backup commands is as recorded")
  func transcript() async throws {
    let folder = try TemporaryDirectory.make("outputs").path
    let server = try await TestServer.privateServer()
    let connection = try await Connection.open(server.connectionOptions)
    try await connection.runScript(
      """
      CREATE DATABASE shop CHARACTER SET utf8mb4;
      USE shop;
      CREATE TABLE zones (zone_id INT PRIMARY KEY, name VARCHAR(40) NULL);
      CREATE TABLE shops (shop_id INT PRIMARY KEY, zone_id INT NOT NULL, turnover DECIMAL(19,4),
          FOREIGN KEY (zone_id) REFERENCES zones (zone_id));
      INSERT INTO zones SELECT seq, CONCAT('zone ', seq) FROM seq_1_to_50;
      INSERT INTO shops SELECT seq, 1 + seq MOD 50, seq / 7 FROM seq_1_to_3000;
      CREATE VIEW totals AS SELECT zone_id, SUM(turnover) AS total FROM shops GROUP BY zone_id;
      CREATE PROCEDURE count_shops() SELECT COUNT(*) FROM shops;
      CREATE TRIGGER shops_before_insert BEFORE INSERT ON shops FOR EACH ROW
          SET NEW.turnover = COALESCE(NEW.turnover, 0);
      """)
    await connection.close()
    let socket = try #require(server.connectionOptions.socket)
    let target = ["--socket", socket, "--user", "root", "--database", "shop"]
    var transcript = Transcript("backups")
    try await transcript.call(
      "backup keygen FOLDER/key", [], names: ["FOLDER": folder])
    try await transcript.call(
      "backup create --dir FOLDER/plain", target, names: ["FOLDER": folder])
    func ids(_ name: String) throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)")
        .filter { $0.hasPrefix("20") || $0.hasPrefix("shop") }.sorted()
    }
    let id = try #require(try ids("plain").first)
    // Commands that only read the folder need no server.
    let local = ["list", "show", "pin", "unpin", "anchor"].map { "backup \($0) " }
    for call in Self.calls.split(separator: "\n") {
      try await transcript.call(
        String(call), local.contains { call.hasPrefix($0) } ? [] : target,
        names: ["FOLDER": folder, "ID": id])
    }
    try await TerminalOutputs.check(
      """
      backup list --dir FOLDER/plain
      backup list --dir FOLDER/plain --checksum
      backup show ID --dir FOLDER/plain
      backup check --dir FOLDER/plain
      backup prune --dir FOLDER/plain --dry-run
      backup verify ID --dir FOLDER/plain --on server
      backup create --dir FOLDER/wide --no-verify
      restore ID --dir FOLDER/plain --as other --dry-run
      restore ID --dir FOLDER/plain --as copy --replace --confirm copy --no-safety-backup
      """, names: ["FOLDER": folder, "ID": id]
    ) { call in local.contains { call.hasPrefix($0) } ? [] : target }
    let sealed = try #require(try ids("sealed").first)
    try transcript.compare([
      folder: "FOLDER", id: "<id>", sealed: "<sealed id>", socket: "<socket>",
      "\(connection.serverVersion)": "<version>",
    ])
    try await server.remove()
  }
}
