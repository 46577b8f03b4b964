import Foundation
import MariaDBClient
import Testing

@testable import Ingest

/// The folder of real data; nil when `PAYOPS_DATA` is not set.
let realData: URL? = ProcessInfo.processInfo.environment["PAYOPS_DATA"].map {
  URL(filePath: $0, directoryHint: .isDirectory)
}

@Suite("Real data: presence")
struct RealDataPresenceTests {
  @Test("the test run says when real data are left out, and fails when their folder is wrong")
  func presence() {
    guard let realData else {
      print("PAYOPS_DATA is not set: the imports of real files are not tested")
      return
    }
    for folder in ["cloudwalk", "amlsim", "cards"] {
      let path = realData.appending(path: folder).path(percentEncoded: false)
      #expect(FileManager.default.fileExists(atPath: path), "\(path) is missing")
    }
  }
}

// Real files are not part of the project; where PAYOPS_DATA names them, these tests are required.
@Suite("Import of real data", .enabled(if: realData != nil), .serialized, .timeLimit(.minutes(20)))
struct RealDataTests {
  private func run(
    _ connection: Connection, _ path: String, mapping: String, source: String? = nil
  ) async throws -> ImportSummary {
    let file = try #require(realData).appending(path: path)
    return try await Importer(connection: connection).run(
      source: .file(path: file.path(percentEncoded: false)), fileName: file.lastPathComponent,
      mapping: try BuiltInMappings.resolve(mapping), sourceName: source)
  }

  @Test("minute counts by status and response code give the independent totals")
  func cloudwalk() async throws {
    try await Deployed.withSchema { (connection: Connection) async throws in
      let statuses = try await run(
        connection, "cloudwalk/transactions.csv", mapping: "minute-status-counts")
      #expect(statuses.counts == ImportCounts(read: 25_920, loaded: 25_920))
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT CONCAT_WS(' ', source_status, SUM(payment_count)) FROM imported_status_counts"
            + " GROUP BY source_status ORDER BY source_status")
          == [
            "approved 504622", "backend_reversed 824", "denied 29957", "failed 270",
            "refunded 4406", "reversed 4241",
          ])
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT CONCAT_WS(' ', MIN(metric_minute), MAX(metric_minute),"
            + " COUNT(DISTINCT metric_minute)) FROM imported_status_counts")
          == ["2025-07-12 13:45:00 2025-07-15 13:44:00 4320"])
      let codes = try await run(
        connection, "cloudwalk/transactions_auth_codes.csv",
        mapping: "minute-response-code-counts", source: "minute-status-counts")
      #expect(codes.counts == ImportCounts(read: 12_960, loaded: 12_960))
      let differences = try await Fixtures.number(
        connection,
        """
        SELECT COUNT(*) FROM (
          SELECT s.metric_minute,
            SUM(s.payment_count * (s.source_status = 'approved')) AS approved,
            SUM(s.payment_count * (s.source_status = 'denied')) AS denied
          FROM imported_status_counts AS s GROUP BY s.metric_minute) AS s
        INNER JOIN (
          SELECT c.metric_minute,
            SUM(c.payment_count * (c.response_code = '00')) AS approved,
            SUM(c.payment_count * (c.response_code IN ('51', '59'))) AS denied
          FROM imported_response_code_counts AS c GROUP BY c.metric_minute) AS c
          ON c.metric_minute = s.metric_minute AND c.approved = s.approved AND c.denied = s.denied
        """)
      #expect(differences == 4320)
      let again = try await run(
        connection, "cloudwalk/transactions.csv", mapping: "minute-status-counts")
      #expect(again.counts == ImportCounts(read: 25_920, duplicate: 25_920))
    }
  }

  @Test(
    "card payments in 164 currencies are all loaded, and every card has an account"
  )
  func cards() async throws {
    try await Deployed.withSchema { (connection: Connection) async throws in
      let summary = try await run(
        connection, "cards/fraud_transactions.csv.gz", mapping: "cards")
      #expect(summary.counts == ImportCounts(read: 99_992, loaded: 99_992))
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT CONCAT_WS(' ', COUNT(*), COUNT(DISTINCT account_id), COUNT(DISTINCT title),"
            + " COUNT(DISTINCT currency), MIN(transaction_time), MAX(transaction_time))"
            + " FROM transactions")
          == ["99992 33333 10000 163 2019-01-01 00:12:26 2019-08-07 10:19:21"])
      let again = try await run(
        connection, "cards/fraud_transactions.csv.gz", mapping: "cards")
      #expect(again.counts == ImportCounts(read: 99_992, duplicate: 99_992))
    }
  }
}
