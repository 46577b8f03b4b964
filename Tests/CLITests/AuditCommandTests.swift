import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("payops audit", .timeLimit(.minutes(5)))
struct AuditCommandTests {
  /// Rewrites the chain from an entry on, as an owner of the server could.
  private static let rewriting = """
    CREATE PROCEDURE write_anew(IN in_from BIGINT)
    BEGIN
        DECLARE v_id BIGINT DEFAULT in_from;
        DECLARE v_last BIGINT DEFAULT (SELECT MAX(audit_id) FROM audit_log);
        WHILE v_id <= v_last DO
            UPDATE audit_log AS a
            LEFT JOIN audit_log AS p ON p.audit_id = v_id - 1
            SET a.previous_hash = COALESCE(p.entry_hash, REPEAT('0', 64))
            WHERE a.audit_id = v_id;
            UPDATE audit_log AS a
            SET a.entry_hash = audit_hash(
                a.audit_id, a.recorded_at, a.actor, a.subject_kind, a.subject, a.audit_action,
                a.old_values, a.new_values, a.previous_hash)
            WHERE a.audit_id = v_id;
            SET v_id = v_id + 1;
        END WHILE;
        UPDATE audit_head AS h
        INNER JOIN audit_log AS a ON a.audit_id = v_last
        SET h.entry_hash = a.entry_hash;
    END
    """

  @Test("a rewritten audit chain is found by heads stored elsewhere and in backups")
  func rewrite() async throws {
    try await TestServer.withSchema { connection in
      let options = connection.options
      let names = try await connection.query("SELECT DATABASE() AS name")
      var place = [
        "--socket", try #require(options.socket), "--database",
        try #require(names.rows.first?["name"]),
      ]
      if let user = options.user { place += ["--user", user] }
      func payops(_ words: String...) async throws -> ProgramRun {
        try await ProgramRun.run(
          try ProgramRun.binary, words + place, deadline: .seconds(120))
      }
      let folder = try TemporaryDirectory.make("audit-backups")
      defer { TemporaryDirectory.remove(folder) }

      let list = try await payops("audit", "list", "--kind", "setting", "--limit", "3")
      #expect(list.status == 0 && list.output.contains("setting "), "\(list)")
      #expect(list.output.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(list.output)")
      let head = try await payops("audit", "head").output.trimmingCharacters(in: .newlines)
      let backup = try await payops("backup", "create", "--no-verify", "--dir", folder.path)
      #expect(backup.status <= 1, "\(backup)")
      // The log grows after the heads were stored.
      try await connection.execute("UPDATE jobs SET schedule = 'every 9m' LIMIT 1")
      let good = try await payops("audit", "verify", "--anchor", head, "--dir", folder.path)
      #expect(good.status == 0 && good.errors.contains("2 heads"), "\(good)")
      #expect(try await payops("audit", "verify", "--anchor", "7:x").status == 64)

      for trigger in ["update", "delete"] {
        try await connection.execute("DROP TRIGGER audit_log_before_\(trigger)_refuse")
      }
      try await connection.execute(Self.rewriting)
      try await connection.execute("UPDATE audit_log SET actor = 'nobody' WHERE audit_id = 20")
      try await connection.execute("CALL write_anew(20)")
      let whole = try await payops("audit", "verify", "--dir", "/nowhere")
      #expect(whole.status == 0, "in itself the chain is whole: \(whole)")
      let anchored = try await payops("audit", "verify", "--anchor", head, "--dir", "/nowhere")
      #expect(anchored.status == 1 && anchored.output.contains("the head given"), "\(anchored)")
      let byBackup = try await payops("audit", "verify", "--dir", folder.path)
      #expect(byBackup.status == 1 && byBackup.output.contains("backup "), "\(byBackup)")

      // The chain alone does not notice an end that was cut off together with the head either.
      let last = try #require(Int64(head.split(separator: ":")[0]))
      try await connection.execute("DELETE FROM audit_log WHERE audit_id > \(last - 5)")
      try await connection.execute(
        "UPDATE audit_head SET audit_id = \(last - 5), entry_hash ="
          + " (SELECT entry_hash FROM audit_log WHERE audit_id = \(last - 5))")
      let cut = try await payops("audit", "verify", "--anchor", head, "--dir", "/nowhere")
      #expect(cut.status == 1 && cut.output.contains("missing"), "\(cut)")
    }
  }
}
