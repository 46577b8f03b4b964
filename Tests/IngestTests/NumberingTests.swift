import Foundation
import MariaDBClient
import TestSupport
import Testing

@testable import Ingest

@Suite("Keys of imported rows", .timeLimit(.minutes(5)))
struct NumberingTests {
  private static let accounts =
    "nodeid,isFraud,init_balance,fraudStep\n"
    + (0..<40).map { "\($0),0,\($0).25,-1\n" }.joined()
  private static let count = 2000
  private static let transfers =
    "sourceNodeId,targetNodeId,value,time\n"
    + (0..<count).map { "\($0 % 60),\(($0 + 1) % 60),\($0 + 1).5,\($0 % 100 + 1)\n" }.joined()

  /// Inserts payments of its own until it is cancelled, as an application would.
  private static func write(_ options: ConnectionOptions) async throws -> Int {
    let connection = try await Connection.open(options)
    var written = 0
    while !Task.isCancelled {
      let isWhole = written % 3 == 0
      try await connection.execute(isWhole ? "DO 0" : "START TRANSACTION")
      try await connection.execute(
        "INSERT INTO customers (name, country, account_open_date) VALUES ('W', 'DE', '2026-01-01')")
      try await connection.execute(
        "INSERT INTO accounts (customer_id, account_type, currency, opened_at)"
          + " VALUES (LAST_INSERT_ID(), 'personal', 'EUR', '2026-01-01')")
      try await connection.execute(
        "INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,"
          + " transaction_type, status) SELECT LAST_INSERT_ID(), '2026-01-01', 7, 'EUR',"
          + " 'transfer', 'completed' FROM \(numbers(1...3)) AS n")
      if !isWhole { try await connection.execute("COMMIT") }
      written += 3
    }
    await connection.close()
    return written
  }

  @Test(
    "each imported record gets the key of its own row, even beside another writer",
    arguments: [
      ["--innodb-autoinc-lock-mode=0"], ["--innodb-autoinc-lock-mode=1"],
      ["--innodb-autoinc-lock-mode=2"],
      [
        "--innodb-autoinc-lock-mode=2", "--auto-increment-increment=3",
        "--auto-increment-offset=2",
      ],
    ])
  func besideWriters(options: [String]) async throws {
    try await TestServer.withPrivateSchema(options: options) { connection in
      let writer = Task { [options = connection.options] in try await Self.write(options) }
      var counts: [ImportCounts] = []
      for (text, batch) in [(Self.accounts, 7), (Self.transfers, 300), (Self.transfers, 300)] {
        counts.append(
          try await Fixtures.run(connection, text, mapping: "amlsim", batchRecords: batch).counts)
      }
      writer.cancel()
      let written = try await writer.value
      #expect(written > 0)
      #expect(
        counts == [
          ImportCounts(read: 40, loaded: 40),
          ImportCounts(read: Int64(Self.count), loaded: Int64(Self.count)),
          ImportCounts(read: Int64(Self.count), duplicate: Int64(Self.count)),
        ])
      // The key of a record names its accounts, its amount and its step; the row must say the same.
      let rows = try await connection.query(
        """
        SELECT r.external_id AS name, CONCAT_WS('|', a.external_id, b.external_id,
            TRIM(TRAILING '0' FROM t.transaction_amount),
            DATEDIFF(t.transaction_time, '2017-01-01')) AS contents
        FROM external_references AS r
        LEFT JOIN transactions AS t ON t.transaction_id = r.internal_id
        LEFT JOIN external_references AS a ON a.entity = 'account' AND a.internal_id = t.account_id
        LEFT JOIN external_references AS b
            ON b.entity = 'account' AND b.internal_id = t.counterparty_account_id
        WHERE r.entity = 'transaction'
        """
      ).rows
      #expect(rows.count == Self.count)
      #expect(rows.filter { $0["name"] != $0["contents"] }.isEmpty)
      #expect(
        try await Fixtures.number(
          connection,
          """
          SELECT COUNT(*) FROM external_references AS r
          INNER JOIN accounts AS a ON a.account_id = r.internal_id
          INNER JOIN external_references AS o
              ON o.entity = 'customer' AND o.internal_id = a.customer_id
              AND o.external_id = r.external_id
          INNER JOIN customers AS c
              ON c.customer_id = a.customer_id AND c.name = CONCAT('amlsim ', r.external_id)
          WHERE r.entity = 'account'
          """) == 60)
      #expect(
        try await Fixtures.number(connection, "SELECT COUNT(*) FROM transactions")
          == Int64(Self.count + written))
      _ = try await connection.query("CALL refresh_rollups(100000)")
      #expect(
        try await connection.query("CALL reconcile_rollups('2017-01-01', '2026-02-01')").rows
          .isEmpty)
    }
  }
}
