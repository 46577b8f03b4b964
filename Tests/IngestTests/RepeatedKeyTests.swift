import MariaDBClient
import Testing

@testable import Ingest

@Suite("Records that share a key or an instant", .timeLimit(.minutes(3)))
struct RepeatedKeyTests {
  private let head =
    "id,card_id,store_id,datetime,amount,currency,customer_present,provider,region\n"

  private func line(_ id: Int, amount: Int) -> String {
    "\(id),7,1,2019-01-01 00:12:26,\(amount),USD,True,Mastercard,Town\n"
  }

  @Test(
    "a different record with the same key is refused, in the same batch and in a later one",
    arguments: [1, 2, 3, 50])
  func acrossBatches(batchRecords: Int) async throws {
    let text =
      head + line(1, amount: 100) + line(2, amount: 200) + line(1, amount: 100)
      + line(1, amount: 101) + line(2, amount: 201)
    try await Deployed.withSchema { (connection: Connection) async throws in
      let counts = try await Fixtures.run(
        connection, text, mapping: "cards", batchRecords: batchRecords
      ).counts
      #expect(counts == ImportCounts(read: 5, loaded: 2, duplicate: 1, quarantined: 2))
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT CONCAT_WS('|', line_number, reason) FROM import_quarantine ORDER BY line_number")
          == [5, 6].map { "\($0)|contradicts an earlier record of this file with the same key" })
      #expect(
        try await Fixtures.texts(
          connection, "SELECT transaction_amount FROM transactions ORDER BY transaction_id")
          == ["1.0000", "2.0000"])
    }
  }

  @Test("an answer at the instant of its request is accepted, one before it is refused")
  func sameInstant() async throws {
    let text = """
      transaction_id,account_id,transaction_time,transaction_amount,currency,transaction_type,status,requested_at,responded_at
      1,1,2026-01-01 10:00:00,1,EUR,transfer,completed,2026-01-01 10:00:00.250,2026-01-01 10:00:00.250
      2,1,2026-01-01 10:00:00,1,EUR,transfer,completed,2026-01-01 10:00:00.250,2026-01-01 10:00:00.249

      """
    try await Deployed.withSchema { (connection: Connection) async throws in
      try await connection.runScript(
        """
        INSERT INTO customers (customer_id, name, country, account_open_date)
        VALUES (1, 'Test', 'DE', '2020-01-01');
        INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)
        VALUES (1, 1, 'personal', 'EUR', '2020-01-01');
        """)
      let counts = try await Fixtures.run(connection, text, mapping: "payops").counts
      #expect(counts == ImportCounts(read: 2, loaded: 1, quarantined: 1))
      #expect(
        try await Fixtures.texts(connection, "SELECT duration_ms FROM transactions") == ["0"])
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT CONCAT_WS('|', line_number, column_name, reason)"
            + " FROM import_quarantine")
          == ["3|responded_at|the answer is before the request"])
    }
  }
}
