import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("Erasures of personal data after a restore", .timeLimit(.minutes(15)))
struct RestoreErasureTests {
  private static let setup = [
    // Data that are dumped and restored many times are kept small.
    "DELETE FROM settlement_windows", "DELETE FROM calendar_days",
    """
    INSERT INTO customers (customer_id, name, email, country, account_open_date)
    VALUES (1, 'Zebedee Quillfeather', 'zebedee@quillfeather.example', 'PL', '2020-01-01'),
      (2, 'Bruno Otterbein', 'bruno@otterbein.example', 'DE', '2020-01-01'),
      (3, 'Cosima Stays', 'cosima@stays.example', 'DE', '2020-01-01'),
      (4, 'Dorian Before', 'dorian@before.example', 'DE', '2020-01-01')
    """,
    """
    INSERT INTO login_activity (customer_id, login_time, login_status, ip_address, device)
    VALUES (1, '2026-11-18 10:00:00', 'success', '203.0.113.77', 'Communicator 9210 teal')
    """,
    "CALL erase_customer(4)",
  ]

  private struct Site {
    let connection: Connection
    let schema: String
    let folder: String

    func payops(_ arguments: [String], fault: String? = nil) async throws -> ProgramRun {
      try await ProgramRun.payops(
        arguments + ["--dir", folder],
        environment: [
          "PAYOPS_DATABASE": schema, "PAYOPS_SOCKET": connection.options.socket ?? "",
          "PAYOPS_USER": connection.options.user ?? "", "PAYOPS_FAULT": fault ?? "",
        ], deadline: .seconds(240))
    }

    func run(_ statements: [String]) async throws {
      for statement in statements { _ = try await connection.queryAll(statement) }
    }

    func texts(_ sql: String) async throws -> [String] {
      try await connection.query(sql).rows.map { $0.text(at: 0) ?? "NULL" }
    }

    func names(in schema: String? = nil) async throws -> [String] {
      try await texts(
        "SELECT name FROM `\(schema ?? self.schema)`.customers ORDER BY customer_id")
    }

    func left() async throws -> [String] {
      try await texts(
        "SELECT table_name FROM information_schema.tables"
          + " WHERE table_schema = DATABASE() AND table_name LIKE '\\_payops\\_%' ORDER BY 1")
    }

    var replace: [String] { ["--replace", "--confirm", schema, "--no-safety-backup"] }
  }

  /// A schema with four customers, one of them erased, and a backup of it.
  private func withSite(
    _ statements: [String] = [], _ body: (Site) async throws -> Void
  ) async throws {
    let folder = try TemporaryDirectory.make("erasures").path(percentEncoded: false)
    defer { TemporaryDirectory.remove(URL(filePath: folder)) }
    try await TestServer.withSchema { connection in
      let schema = try #require(
        try await connection.query("SELECT DATABASE() AS name").rows.first?["name"])
      let site = Site(connection: connection, schema: schema, folder: folder)
      try await site.run(Self.setup + statements)
      // Views do not matter here, and each takes time to back up, compare and restore.
      let views = try await site.texts(
        "SELECT table_name FROM information_schema.views WHERE table_schema = DATABASE()"
          + " AND table_name <> 'integrity_privacy_erasures'")
      try await site.run(["DROP VIEW \(views.joined(separator: ", "))"])
      let made = try await site.payops(["backup", "create", "--on", "server"])
      try #require(made.status == 0, "\(made)")
      try await body(site)
    }
  }

  private static let erased = ["erased customer 1", "erased customer 2", "Cosima Stays"]

  @Test("customers erased since the backup are erased again with their proofs, and no others")
  func again() async throws {
    try await withSite { site in
      try await site.run([
        """
        INSERT INTO customers (customer_id, name, country, account_open_date)
        VALUES (9, 'Nina Later', 'DE', '2026-01-01')
        """,
        "CALL erase_customer(1)", "CALL erase_customer(2)", "CALL erase_customer(9)",
      ])
      let proofs = "SELECT digest FROM privacy_erasures ORDER BY erasure_id"
      let before = try await site.texts(proofs)
      #expect(before.count == 4)
      let run = try await site.payops(["restore", "--latest"] + site.replace)
      #expect(run.status == 0, "\(run)")
      #expect(
        run.errors.contains(
          "note: 2 customers were erased after the backup was made, and were erased again: 1, 2"),
        "\(run)")
      #expect(
        run.errors.contains("note: 1 more customers were erased who are not in the backup"),
        "\(run)")
      for name in ["Zebedee", "Bruno", "Nina", "Cosima"] {
        #expect(!(run.output + run.errors).contains(name))
      }
      #expect(try await site.names() == Self.erased + ["erased customer 4"])
      #expect(try await site.texts("SELECT device FROM login_activity") == ["NULL"])
      let after = try await site.texts(proofs)
      #expect(after.count == 5, "the proof of 4, two first proofs, two new ones")
      #expect(Set(after).isSuperset(of: before.prefix(3)))
      #expect(try await site.texts("SELECT erasure_id FROM integrity_privacy_erasures") == [])
      #expect(try await site.left() == [])

      // The record of the schema also applies to a copy of it, and a second time.
      let copy = "\(site.schema)_copy"
      let json = try await site.payops(["restore", "--latest", "--as", copy, "--json"])
      #expect(json.output.contains("\"erased_again\""), "\(json)")
      #expect(try await site.names(in: copy).prefix(3) == Self.erased[...])
      try await site.run(["DROP DATABASE `\(copy)`"])

      // Without a record they are back, and a note says so.
      try await site.run(["DROP TABLE privacy_erasures"])
      let unknown = try await site.payops(["restore", "--latest", "--as", copy])
      #expect(unknown.errors.contains("no record of erasures in a schema"), "\(unknown)")
      #expect(try await site.names(in: copy).first == "Zebedee Quillfeather")
      try await site.run(["DROP DATABASE `\(copy)`"])
    }
  }

  @Test("a restore stays unfinished while a customer cannot be erased again")
  func openCase() async throws {
    let opened = """
      INSERT INTO risk_cases (case_id, customer_id, case_state, opened_at, due_at)
      VALUES (1, 1, 'open', '2026-01-01', '2026-02-01')
      """
    let close = """
      UPDATE risk_cases SET case_state = 'closed', disposition = 'false_positive',
        closed_at = '2026-01-02'
      """
    try await withSite([opened]) { site in
      try await site.run([close, "CALL erase_customer(1)", "CALL erase_customer(2)"])
      let run = try await site.payops(["restore", "--latest"] + site.replace)
      #expect(run.status == 1, "\(run)")
      #expect(run.errors.contains("1 customers could NOT be erased again (error 30702)"), "\(run)")
      #expect(run.errors.contains("were erased again: 2"), "\(run)")
      #expect(
        try await site.names().prefix(2) == ["Zebedee Quillfeather", "erased customer 2"])
      #expect(try await site.left() == ["_payops_erasures", "_payops_restored"])
      let tooEarly = try await site.payops(["restore", "--finish"])
      #expect(tooEarly.status == 1, "\(tooEarly)")
      try await site.run([close])
      let done = try await site.payops(["restore", "--finish"])
      #expect(done.status == 0, "\(done)")
      #expect(done.errors.contains("were erased again: 1"), "\(done)")
      #expect(try await site.names() == Self.erased + ["erased customer 4"])
      #expect(try await site.left() == [])
    }
  }

  /// Each restores a whole schema of payops, so most run only in the long form.
  private static let kills: [(point: String, ending: [String])] =
    [("restore.erased", ["--finish"])]
    + (ProcessInfo.processInfo.environment["PAYOPS_TEST_LONG"] == nil
      ? [] : [("restore.switched", ["--finish"]), ("restore.switched", ["--latest"])])

  @Test(
    "a killed restore leaves the record of erasures for the run that finishes or repeats it",
    arguments: kills)
  func killed(point: String, ending: [String]) async throws {
    try await withSite { site in
      try await site.run(["CALL erase_customer(1)", "CALL erase_customer(2)"])
      let killed = try await site.payops(
        ["restore", "--latest"] + site.replace, fault: "\(point)=kill")
      #expect(killed.status == 128 + SIGKILL, "\(killed)")
      let run = try await site.payops(["restore"] + ending + site.replace)
      #expect(run.status == 0, "\(run)")
      #expect(try await site.names() == Self.erased + ["erased customer 4"], "\(run)")
      #expect(try await site.left() == [])
      #expect(try await site.texts("SELECT erasure_id FROM integrity_privacy_erasures") == [])
    }
  }

  @Test("single restored tables do not bring erased customers back either")
  func tables() async throws {
    try await withSite { site in
      try await site.run(["CALL erase_customer(1)"])
      let run = try await site.payops(
        ["restore", "--latest", "--tables", "login_activity"] + site.replace)
      #expect(run.status == 0, "\(run)")
      // A single table does not record its erasures, so customers erased shortly before count, too.
      #expect(
        run.errors.contains("were erased at most an hour before the backup or later, and were"),
        "\(run)")
      #expect(run.errors.contains(" erased again: 4, 1"), "\(run)")
      #expect(try await site.texts("SELECT device FROM login_activity") == ["NULL"])
      #expect(try await site.left() == [])
    }
  }
}
