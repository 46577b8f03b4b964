import Foundation
import MariaDBClient
import TestSupport
import Testing

@testable import Sealing

@Suite("Seals of posted payments", .timeLimit(.minutes(10)))
struct SealTests {
  /// A ledger with payments of every kind, all sealed, and its file of keys.
  private struct Sealed {
    let connection: Connection
    let keyFile: String

    func seals() async throws -> PaymentSeals {
      try await PaymentSeals(connection: connection, keys: try SealKeys(file: keyFile))
    }

    func findings() async throws -> [String] {
      try await seals().check().findings.map { "\($0.subject): \($0.problem)" }
    }
  }

  private func withSealed(_ body: (Sealed) async throws -> Void) async throws {
    let folder = try TemporaryDirectory.make("seal")
    defer { TemporaryDirectory.remove(folder) }
    try await TestServer.withSchema { connection in
      _ = try await LedgerFixture.open(on: connection)
      let path = folder.appending(path: "seal.key").path
      try SealKeys.addKey(file: path)
      let sealed = Sealed(connection: connection, keyFile: path)
      try await Self.live(1, connection)
      #expect(try await sealed.seals().seal(delaySeconds: 0) > 10)
      try await Self.live(2, connection)
      #expect(try await sealed.seals().seal(delaySeconds: 0) > 10)
      #expect(try await sealed.seals().seal(delaySeconds: 0) == 0)
      #expect(try await sealed.findings() == [])
      try await body(sealed)
    }
  }

  /// Payments of every kind.
  private static func live(_ round: Int, _ connection: Connection) async throws {
    try await connection.runScript(
      """
      CALL post_payment('a\(round)', 1, 2, 10.50, 'EUR', 'transfer', NULL, @plain, @s, @r);
      CALL post_payment('b\(round)', 1, NULL, 20, 'EUR', 'transfer', 'SEPA_CT', @rail, @s, @r);
      CALL post_payment('c\(round)', 1, 2, 99999, 'EUR', 'transfer', NULL, @denied, @s, @r);
      CALL authorize_payment('d\(round)', 3, NULL, 30, 'EUR', 'card_payment', 'CARD', NULL, @held, @s, @r);
      CALL capture_payment('e\(round)', @held, 25, @s, @r);
      CALL authorize_payment('f\(round)', 3, NULL, 30, 'EUR', 'card_payment', 'CARD', NULL, @void, @s, @r);
      CALL void_payment('g\(round)', @void, @s, @r);
      CALL authorize_payment('h\(round)', 3, NULL, 3, 'EUR', 'card_payment', 'CARD', NULL, @open, @s, @r);
      CALL adjust_balance('i\(round)', 4, 5, 'goodwill', @b, @r);
      CALL refund_payment('j\(round)', @held, 5, @back, @s, @r)
      """)
  }

  @Test("later posting of sealed payments is not a finding")
  func laterChanges() async throws {
    try await withSealed { sealed in
      let connection = sealed.connection
      try await connection.runScript(
        """
        CALL refund_payment('x1', @held, NULL, @back, @s, @r);
        CALL reverse_payment('x2', @plain, @s, @r);
        CALL capture_payment('x3', @open, NULL, @s, @r);
        UPDATE settlements SET due_at = '2020-01-01' WHERE settlement_status = 'pending';
        CALL settle_batch('x4', 'SEPA_CT', NULL, @batch, @count);
        CALL block_account(4, 'lost card', @s, @r);
        UPDATE account_ledgers SET overdraft_limit = 50, payment_limit = 5000;
        UPDATE transactions SET title = 'rent', counterparty_iban = 'DE89370400440532013000'
        WHERE transaction_id = @rail
        """)
      #expect(try await LedgerFixture.number("SELECT @count", on: connection) == 2)
      #expect(try await sealed.findings() == [])
      _ = try await connection.query("CALL erase_customer(1)")
      #expect(try await sealed.findings() == [])
      #expect(try await sealed.seals().seal(delaySeconds: 0) > 0)
      #expect(try await sealed.findings() == [])

      // Into the archive with its settlement, and out of it with its month, once everything is
      // closed.
      try await connection.runScript(
        """
        SELECT MIN(transaction_id) INTO @first FROM transactions WHERE status = 'authorized';
        CALL void_payment('x5', @first, @s, @r);
        UPDATE settlements SET due_at = '2020-01-01' WHERE settlement_status = 'pending';
        CALL settle_batch('x6', 'CARD', NULL, @batch, @count);
        SET timestamp = UNIX_TIMESTAMP('2031-06-01 00:00:00');
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
            transaction_type, status)
        VALUES (1, '2031-05-31', 1, 'EUR', 'transfer', 'completed')
        """)
      _ = try await connection.query("CALL refresh_rollups(100000)")
      _ = try await connection.queryAll("CALL archive_payments(100000)")
      let waiting = try await LedgerFixture.texts(
        "SELECT waiting_reason FROM archive_months WHERE waiting_reason IS NOT NULL",
        on: connection)
      #expect(waiting == [])
      #expect(
        try await LedgerFixture.number("SELECT COUNT(*) FROM transactions_archive", on: connection)
          > 10)
      #expect(try await sealed.findings() == [])
      #expect(
        try await LedgerFixture.texts("SELECT * FROM integrity_posted_settlements", on: connection)
          == [])
      try await connection.execute(
        "UPDATE transactions_archive SET transaction_amount = 1 WHERE transaction_id = @rail")
      let rail = try await LedgerFixture.number("SELECT @rail", on: connection)
      #expect(try await sealed.findings() == ["payment \(rail): changed after it was sealed"])
    }
  }

  @Test("a change of any sealed column is found and named")
  func columns() async throws {
    try await withSealed { sealed in
      let connection = sealed.connection
      // An attacker who can do this can also switch checks off.
      try await connection.ignoreConstraints()
      try await connection.execute("SET SESSION unique_checks = 0")
      let open = [
        "transactions.status", "transactions.status_changed_at", "transactions.counterparty_iban",
        "transactions.counterparty_handle", "transactions.title", "settlements.due_at",
        "settlements.settlement_status", "settlements.settlement_date",
        "settlements.transaction_id", "account_ledgers.overdraft_limit",
        "account_ledgers.payment_limit",
      ]
      for (table, key, kind, id) in [
        ("transactions", "transaction_id", "payment", "@rail"),
        ("settlements", "transaction_id", "payment", "@rail"),
        (
          "payment_requests", "request_id", "request",
          "(SELECT request_id FROM payment_requests WHERE idempotency_key = 'b2')"
        ),
        (
          "ledger_entries", "request_id", "request",
          "(SELECT request_id FROM payment_requests WHERE idempotency_key = 'b2')"
        ),
        ("account_ledgers", "account_id", "account", "1"),
      ] {
        let number = try await LedgerFixture.number("SELECT \(id)", on: connection)
        let columns = try await connection.query(
          """
          SELECT column_name AS name, data_type AS type FROM information_schema.columns
          WHERE table_schema = DATABASE() AND table_name = ? AND COALESCE(generation_expression, '') = ''
              AND column_key <> 'PRI'
          """, [.text(table)]
        ).rows
        #expect(columns.count >= 3)
        for column in columns {
          let name = column["name"] ?? ""
          guard !open.contains("\(table).\(name)"), name != key else { continue }
          let value =
            switch column["type"] {
            case _ where name == "rail": "'CARD'"
            case "decimal", "bigint", "tinyint": "COALESCE(\(name), 0) + 1"
            case "datetime": "COALESCE(\(name), '2026-01-01') + INTERVAL 1 SECOND"
            case "binary": "REVERSE(\(name))"
            default: "IF(\(name) IS NULL OR \(name) = '', 'x', LEFT(CONCAT('y', \(name)), 3))"
            }
          try await connection.runScript(
            """
            CREATE TEMPORARY TABLE kept AS SELECT * FROM \(table);
            UPDATE \(table) SET \(name) = \(value) WHERE \(key) = \(number)
            """)
          let found = try await sealed.findings()
          #expect(
            found == ["\(kind) \(number): changed after it was sealed"],
            "\(table).\(name): \(found)")
          try await connection.runScript(
            """
            UPDATE \(table) AS t INNER JOIN kept AS k ON k.\(Self.primary[table] ?? key)
                = t.\(Self.primary[table] ?? key)
            SET t.\(name) = k.\(name);
            DROP TEMPORARY TABLE kept
            """)
          #expect(try await sealed.findings() == [], "\(table).\(name)")
        }
      }
    }
  }

  private static let primary = [
    "transactions": "transaction_id", "settlements": "settlement_id",
    "payment_requests": "request_id", "ledger_entries": "entry_id",
    "account_ledgers": "account_id",
  ]

  @Test("deleted and added rows, and removed, swapped and renewed seals are found")
  func harms() async throws {
    try await withSealed { sealed in
      let connection = sealed.connection
      try await connection.execute("SET SESSION foreign_key_checks = 0")
      let tables = [
        "transactions", "settlements", "payment_requests", "ledger_entries", "account_ledgers",
        "payment_seals", "payment_seal_batches",
      ]
      for table in tables {
        try await connection.execute("CREATE TABLE kept_\(table) AS SELECT * FROM \(table)")
      }
      let (rail, plain) = (
        try await LedgerFixture.number("SELECT @rail", on: connection),
        try await LedgerFixture.number("SELECT @plain", on: connection)
      )
      let request = try await LedgerFixture.number(
        "SELECT request_id FROM payment_requests WHERE idempotency_key = 'a2'", on: connection)
      let harms: [(String, [String])] = [
        (
          "DELETE FROM transactions WHERE transaction_id = \(plain)",
          ["payment \(plain): deleted, or its seal is not its own"]
        ),
        (
          "DELETE FROM payment_requests WHERE request_id = \(request)",
          [
            "request \(request): deleted, or its seal is not its own",
            "entry", "in the ledger without a request",
          ]
        ),
        ("DELETE FROM settlements WHERE transaction_id = \(rail)", ["payment \(rail): changed"]),
        (
          "DELETE FROM ledger_entries WHERE request_id = \(request)",
          ["request \(request): changed after it was sealed"]
        ),
        (
          """
          INSERT INTO ledger_entries (request_id, account_id, internal_account, currency, entry_amount)
          VALUES (\(request), 1, NULL, 'EUR', 500), (\(request), NULL, 'adjustments', 'EUR', -500)
          """, ["request \(request): changed after it was sealed"]
        ),
        (
          """
          UPDATE payment_requests SET request_id = 1000000 WHERE request_id = \(request);
          INSERT INTO payment_requests (request_id, idempotency_key, request_hash, operation,
              payment_status, requested_by, requested_at)
          VALUES (\(request), 'forged', '', 'post_payment', 'completed', 'a@b', UTC_TIMESTAMP())
          """, ["request \(request): changed after it was sealed"]
        ),
        (
          "DELETE FROM payment_seals WHERE subject_kind = 'payment' AND subject_id = \(plain)",
          ["payment \(plain): final without a seal", "batch 2: has", "batch 2: its seals"]
        ),
        (
          "DELETE FROM payment_seals WHERE subject_kind = 'request' AND subject_id = \(request)",
          ["request \(request): appeared after its range was sealed", "batch 2: has"]
        ),
        (
          """
          UPDATE payment_seals AS s INNER JOIN kept_payment_seals AS k
              ON k.subject_kind = s.subject_kind AND k.subject_id = \(rail)
          SET s.seal = k.seal
          WHERE s.subject_kind = 'payment' AND s.subject_id = \(plain)
          """, ["payment \(plain): changed after it was sealed", "batch 2: its seals"]
        ),
        (
          // The payment of an earlier batch with its seal, under the number of a later one.
          """
          UPDATE payment_seals SET batch_id = 1 WHERE subject_kind = 'payment' AND subject_id = \(plain)
          """, ["payment \(plain): changed after it was sealed", "batch 1: has", "batch 2: has"]
        ),
        (
          "DELETE FROM payment_seals WHERE batch_id = 1; DELETE FROM payment_seal_batches WHERE batch_id = 1",
          ["batch 1: removed from the database", "appeared after its range was sealed"]
        ),
        (
          "DELETE FROM payment_seals WHERE batch_id = 2; DELETE FROM payment_seal_batches WHERE batch_id = 2",
          ["batch 2: removed from the end"]
        ),
        (
          "DELETE FROM payment_seals; DELETE FROM payment_seal_batches",
          ["batches 1 to 2: removed from the end"]
        ),
        (
          "UPDATE payment_seal_batches SET last_request_id = last_request_id - 1 WHERE batch_id = 2",
          ["batch 2: its seals or its row were changed"]
        ),
        (
          "UPDATE payment_seal_batches SET batch_mac = REPEAT('a', 64) WHERE batch_id = 1",
          ["batch 1: its seals or its row were changed", "batch 2: does not follow"]
        ),
        (
          "UPDATE payment_seal_batches SET sealed_at = sealed_at - INTERVAL 1 DAY WHERE batch_id = 1",
          ["batch 1: its seals or its row were changed"]
        ),
      ]
      for (harm, expected) in harms {
        try await connection.runScript(harm)
        let found = try await sealed.findings()
        for part in expected {
          #expect(found.contains { $0.contains(part) }, "\(harm): \(found)")
        }
        for table in tables {
          try await connection.execute("DELETE FROM \(table)")
        }
        for table in tables {
          let columns = try await LedgerFixture.texts(
            """
            SELECT GROUP_CONCAT(column_name) FROM information_schema.columns
            WHERE table_schema = DATABASE() AND table_name = '\(table)'
                AND COALESCE(generation_expression, '') = ''
            """, on: connection)[0]
          try await connection.execute(
            "INSERT INTO \(table) (\(columns)) SELECT \(columns) FROM kept_\(table)")
        }
        #expect(try await sealed.findings() == [], "\(harm)")
      }
    }
  }

  @Test("seals need the key, survive a rotation, and a lost key is reported")
  func keys() async throws {
    try await withSealed { sealed in
      let connection = sealed.connection
      let first = try SealKeys(file: sealed.keyFile)
      #expect(try SealKeys.addKey(file: sealed.keyFile).keys.count == 2)
      #expect(try await sealed.findings() == [])
      try await Self.live(3, connection)
      #expect(try await sealed.seals().seal(delaySeconds: 0) > 10)
      #expect(
        try await LedgerFixture.number(
          "SELECT COUNT(DISTINCT key_id) FROM payment_seal_batches", on: connection) == 2)
      #expect(try await sealed.findings() == [])

      // Another key: seals of the lost one cannot be checked, and are not reported as damage.
      let head = SealHead.path(
        keys: first, schema: try await LedgerFixture.texts("SELECT DATABASE()", on: connection)[0])
      let kept = try String(contentsOf: URL(filePath: head), encoding: .utf8)
      try FileManager.default.removeItem(atPath: sealed.keyFile)
      try SealKeys.addKey(file: sealed.keyFile)
      let report = try await sealed.seals().check()
      #expect(report.findings == [])
      #expect(report.compared == 0)
      let lost = "2 batches cannot be checked: their key \(first.keys[0].id)"
      #expect(report.notes.contains { $0.hasPrefix(lost) })
      #expect(report.notes.count == 2)
      // Without the file beside the key the end cannot be proved, and a note says so.
      try FileManager.default.removeItem(atPath: head)
      let notes = try await sealed.seals().check().notes
      #expect(notes.contains { $0.hasPrefix("nothing is kept here") })
      try Data(kept.utf8).write(to: URL(filePath: head))

      // A restore of an older state is not sealed silently.
      try await connection.execute("DELETE FROM payment_seals WHERE batch_id = 3")
      try await connection.execute("DELETE FROM payment_seal_batches WHERE batch_id = 3")
      let error = await #expect(throws: SealingError.self) {
        _ = try await sealed.seals().seal(delaySeconds: 0)
      }
      #expect(error?.code == .otherHistory)
      #expect(try await sealed.seals().seal(delaySeconds: 0, acceptsHistory: true) > 0)
      #expect(try await sealed.findings() == [])
    }
  }

  @Test("a file of keys that others can read, a link, or something else is refused")
  func keyFiles() throws {
    let folder = try TemporaryDirectory.make("keys")
    defer { TemporaryDirectory.remove(folder) }
    let path = folder.appending(path: "seal.key").path
    func code(_ path: String) -> SealingError.Code? {
      do {
        _ = try SealKeys(file: path)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code(path) == .unusableKey)
    try SealKeys.addKey(file: path)
    #expect(code(path) == nil)
    for mode in [0o640, 0o604, 0o620] {
      #expect(chmod(path, mode_t(mode)) == 0)
      #expect(code(path) == .unusableKey)
    }
    #expect(chmod(path, 0o600) == 0)
    let link = folder.appending(path: "link").path
    #expect(symlink(path, link) == 0)
    #expect(code(link) == .unusableKey)
    let pipe = folder.appending(path: "pipe").path
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(code(pipe) == .unusableKey)
    #expect(code(folder.path) == .unusableKey)
    for text in ["", "abc\n", String(repeating: "g", count: 64)] {
      try Data(text.utf8).write(to: URL(filePath: path))
      #expect(chmod(path, 0o600) == 0)
      #expect(code(path) == .unusableKey)
    }
  }
}
