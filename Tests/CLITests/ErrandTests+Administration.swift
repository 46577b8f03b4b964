import Foundation
import MariaDBClient
import PayopsCore
import Schema
import TestSupport
import Testing

extension ErrandTests {
  @Test("restore last night's backup beside production: one command")
  func restoreBeside() async throws {
    let fixture = try await ErrandFixture.open()
    let backups = fixture.folder.appending(path: "backups").path
    let nightly = try await fixture.payops(["backup", "create", "--dir", backups])
    try #require(nightly.status == 0, "\(nightly)")
    // CHECKSUM TABLE is another for the same rows where a table has virtual columns.
    func sums(_ schema: String) async throws -> [String] {
      try await fixture.rows(
        """
        SELECT COUNT(*), SUM(CRC32(CONCAT_WS('|', t.transaction_id, t.account_id,
            t.transaction_time, t.transaction_amount, t.currency, t.transaction_type, t.status,
            COALESCE(t.counterparty_iban, t.counterparty_handle, '-'))))
        FROM \(schema).transactions AS t
        """)
        + fixture.rows(
          """
          CHECKSUM TABLE \(schema).customers, \(schema).settlements, \(schema).alerts,
              \(schema).rules
          """
        ).map { String($0.drop { $0 != "." }) }
    }
    let before = try await sums(ErrandFixture.schema)
    var errand = fixture.errand()
    _ = try await errand.payops(
      ["restore", "--latest", "--as", "payops_copy", "--dir", backups])
    try await errand.expect(commands: 1)
    #expect(try await sums("payops_copy") == before)
    #expect(try await sums(ErrandFixture.schema) == before, "production is as it was")
    // The copy answers questions.
    let count = try await fixture.rows("SELECT COUNT(*) FROM transactions")
    let rows = try await fixture.payops(
      ["kpi", "kpi_entity_totals", "--json"], schema: "payops_copy")
    #expect(rows.output.contains(try #require(count.first)), "\(rows)")
  }

  @Test("get alerts by mail: two commands, the second sends a mail")
  func mailRoute() async throws {
    let fixture = try await ErrandFixture.open()
    let smtp = try await SMTPServer.shared()
    let recipient = "errand@\(UUID().uuidString.lowercased()).example"
    var errand = fixture.errand()
    _ = try await errand.payops([
      "notify", "add", "mail", "--kind", "email", "--target", smtp.url("starttls"),
      "--secret-file", try fixture.secret("mail-password", "correct horse\n"),
      "--option", "sender=payops@example.com", "--option", #"recipients=["\#(recipient)"]"#,
      "--option", "user=watch", "--option", #"allowed_networks=["127.0.0.0/8", "::1"]"#,
      "--option", "ca_file=\(smtp.authority)",
    ])
    _ = try await errand.payops(["notify", "test", "mail"])
    try await errand.expect(commands: 2)
    let messages = try smtp.messages(for: recipient)
    #expect(messages.count == 1)
    let message = try #require(messages.first)
    #expect(message.tls && message.user == "watch" && message.from == "payops@example.com")
    let parsed = try await SMTPServer.parse(message.bytes)
    #expect(parsed.text.contains("mail"))
    #expect(
      try await fixture.rows(
        "SELECT route_name, is_enabled, target FROM notification_routes")
        == ["mail|1|\(smtp.url("starttls"))"])
  }

  @Test("change a threshold after trying it: three commands, and no hit changes before the last")
  func changeThreshold() async throws {
    let fixture = try await ErrandFixture.open()
    let days = try await fixture.rows(
      "SELECT DATE(MIN(transaction_time)), DATE(MAX(transaction_time)) FROM transactions")
    let period = try #require(days.first).split(separator: "|").map(String.init)
    try #require(period.count == 2)
    let hits = """
      SELECT COUNT(*), COUNT(DISTINCT customer_id) FROM risk_hits WHERE rule_id = 'A26'
          AND window_from >= '\(period[0])' AND window_to < '\(period[1])' + INTERVAL 1 DAY
      """
    let all = "SELECT COUNT(*), MAX(hit_id) FROM risk_hits"
    let before = try await fixture.rows(all)
    var errand = fixture.errand()
    let variants = try await errand.rows([
      "rules", "whatif", "A26", "--set", "minimum_deviations=4", "--from", period[0],
      "--to", period[1],
    ])
    try #require(variants.count == 2)
    let counts = variants.map { row in
      ["hit_count", "customer_count"].map { "\((row[$0] as? NSNumber)?.intValue ?? -1)" }
        .joined(separator: "|")
    }
    #expect(try await fixture.rows(hits) == [counts[0]])
    #expect(counts[0] != counts[1])
    #expect(try await fixture.rows(all) == before)

    let draft = try await errand.payops([
      "rules", "propose", "A26", "--set", "minimum_deviations=4",
    ])
    let drafts = try await fixture.rows(
      "SELECT MAX(rule_version) FROM rule_versions WHERE rule_id = 'A26'")
    let version = try #require(drafts.first)
    #expect(draft.output.contains(version), "\(draft)")
    let counting = """
      SELECT c.rule_version, p.parameter_value + 0e0 FROM risk_rule_catalog AS c
      INNER JOIN rule_parameters AS p
          ON p.rule_id = c.rule_id AND p.rule_version = c.rule_version
      WHERE c.rule_id = 'A26' AND p.parameter_name = 'minimum_deviations'
      """
    #expect(try await fixture.rows(counting) == ["1|3"])
    _ = try await errand.payops(["rules", "activate", "A26", version])
    try await errand.expect(commands: 3)
    #expect(try await fixture.rows(counting) == ["\(version)|4"])
  }

  @Test("connect a BI tool: two commands and the SQL that help shows")
  func connectTool() async throws {
    let fixture = try await ErrandFixture.open()
    var errand = fixture.errand()
    _ = try await errand.payops(["roles", "apply"])
    let help = try await ProgramRun.payops(["roles", "apply", "--help"]).output
    #expect(help.contains("GRANT payops_bi TO"), "\(help)")
    let connection = try await fixture.connect()
    let statements = """
      CREATE USER bi_errand@localhost IDENTIFIED BY 'errand-password';
      GRANT payops_bi TO bi_errand@localhost;
      """
    errand.count(statements)
    try await connection.runScript(statements)
    _ = try await errand.payops(["roles", "apply"])
    try await errand.expect(commands: 3)

    var options = fixture.server.connectionOptions
    options.user = "bi_errand"
    options.password = Secret("errand-password")
    options.database = ErrandFixture.schema
    let tool = try await Connection.open(options)
    // As a tool does: what is there, what it looks like, and its rows.
    let names = try await tool.query(
      "SELECT table_name AS n FROM information_schema.tables WHERE table_schema = DATABASE()"
    ).rows.compactMap { $0["n"] }
    let published = try await connection.query(
      "SELECT view_name AS n FROM catalog_views WHERE reader_roles LIKE '%bi%' ORDER BY view_name"
    ).rows.compactMap { $0["n"] }
    #expect(published.count > 40 && names.count >= published.count)
    for name in names {
      do {
        let columns = try await tool.query("DESCRIBE `\(name)`").rows.compactMap { $0["Field"] }
        let listed = try await tool.query(
          "SELECT column_name AS n FROM information_schema.columns"
            + " WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position",
          [.text(name)]
        ).rows.compactMap { $0["n"] }
        #expect(!columns.isEmpty && listed == columns, "\(name)")
      } catch {
        Issue.record("\(name): \(error)")
      }
      _ = try await tool.query("SELECT * FROM `\(name)` LIMIT 1")
    }
    let figure = "SELECT SUM(total_count) AS n FROM kpi_payment_day WHERE dimension = 'all'"
    let counted = try await tool.query(figure).rows.first?["n"]
    #expect(try await fixture.rows("SELECT COUNT(*) FROM transactions").first == counted)
    for refused in [
      "SELECT 1 FROM transactions LIMIT 1", "SELECT 1 FROM customers LIMIT 1",
      "SELECT 1 FROM risk_case_subject LIMIT 1", "DELETE FROM kpi_today",
      "CALL acknowledge_alert(1, NULL)", "CALL refresh_rollups(1)", "CREATE TABLE own (a INT)",
      "SELECT 1 FROM mysql.user LIMIT 1",
    ] {
      do {
        _ = try await tool.queryAll(refused)
        Issue.record("\(refused) was accepted")
      } catch {
        #expect([1044, 1142, 1143, 1370].contains(error.errno), "\(refused): \(error)")
      }
    }
    await tool.close()
    await connection.close()
  }

  @Test("upgrade an installation of 0.1: one command, one more to see that nothing is missing")
  func upgrade() async throws {
    let fixture = try await ErrandFixture.open()
    let schema = "payops_old"
    let administrator = try await fixture.connect()
    try await administrator.execute("CREATE DATABASE \(schema) CHARACTER SET utf8mb4")
    await administrator.close()
    let old = try await fixture.connect(to: schema)
    let release = try await RecordedRelease.manifest("0.1.0")
    try await Deployment(connection: old, manifest: release, version: "0.1.0").deploy()
    try await old.runScript(
      """
      INSERT INTO customers (customer_id, name, country, account_open_date)
      VALUES (1, 'A', 'DE', '2026-01-01');
      INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)
      VALUES (1, 1, 'personal', 'EUR', '2026-01-01');
      INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
          transaction_type, status)
      SELECT 1, UTC_DATE() - INTERVAL 62 HOUR + INTERVAL seq MINUTE, seq, 'EUR', 'wire',
          IF(seq MOD 3, 'completed', 'failed')
      FROM seq_1_to_300;
      UPDATE settings SET setting_value = '151000' WHERE setting_name = 'high_risk_amount';
      CALL refresh_rollups(1000);
      """)
    await old.close()
    let kept = """
      SELECT COUNT(*), SUM(t.transaction_amount), SUM(t.status = 'completed'),
          (SELECT g.setting_value FROM settings AS g WHERE g.setting_name = 'high_risk_amount'),
          (SELECT SUM(d.total_count) FROM metric_day AS d WHERE d.dimension = 'all'),
          (SELECT COUNT(*) FROM audit_log AS l WHERE l.subject = 'high_risk_amount')
      FROM transactions AS t
      """
    let before = try await fixture.rows(kept, schema: schema)
    #expect(before.first?.hasPrefix("300|45150.0000|200|151000|300|") == true, "\(before)")

    var errand = fixture.errand()
    _ = try await errand.payops(["deploy"], schema: schema)
    let check = try await errand.payops(["deploy", "--check"], schema: schema)
    try await errand.expect(commands: 2)
    #expect(check.status == 0)
    #expect(try await fixture.rows(kept, schema: schema) == before)
    // A view that 0.1 did not have, and a figure that it had.
    let health = try await fixture.payops(["kpi", "success_rate", "--json"], schema: schema)
    #expect(health.status == 0 && health.output.contains("0.666667"), "\(health)")
    let views = try await fixture.rows("SELECT COUNT(*) > 0 FROM catalog_views", schema: schema)
    #expect(views == ["1"])
  }
}
