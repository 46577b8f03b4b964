import EmbeddedServer
import Foundation
import MariaDBClient
import PayopsCore
import Tabular
import TestSupport
import Testing

@testable import Demo

private let isLong = ProcessInfo.processInfo.environment["PAYOPS_TEST_LONG"] != nil

/// What the detectors find in a demo that ends on a Sunday night, when payments are few.
///
/// A part of the long tests: it learns from two weeks.
@Suite(
  "What a demo shows", .enabled(if: isLong, "a part of make test-long"),
  .timeLimit(.minutes(10)))
struct DemoTests {
  /// The last Sunday: minutes of members are kept for two weeks before the present.
  private static let end: CivilInstant = {
    let today = Int(Date.now.timeIntervalSince1970) / 86_400
    // The first day of 1970 was a Thursday.
    let sunday = today - 1 - (today - 1 - 3) % 7
    return CivilInstant(secondsSinceEpoch: sunday * 86_400 + 3 * 3600 + 600)
  }()

  private func texts(_ query: String, _ connection: Connection) async throws -> [String] {
    try await connection.query(query).rows.map { row in
      row.values.map { $0 ?? "-" }.joined(separator: " ")
    }
  }

  @Test("its own detectors find the incidents and the launderers that it plants, once")
  func sights() async throws {
    let home = try TemporaryDirectory.make("demo")
    let server = EmbeddedServer(directory: home.appending(path: "server"))
    let console = Console(
      environment: [:], isJSON: false, isQuiet: true, mayColor: false)
    let demo = Demo(on: server, console: console)
    do {
      var pages = 0
      let sights = try await demo.run(transactions: 50_000, days: 18, now: Self.end) { _ in
        pages += 1
      }
      #expect(pages == 1)
      var options = server.connectionOptions
      options.database = "payops"
      let connection = try await Connection.open(options)
      try await incidents(connection, sights)
      try await launderers(connection)
      #expect(
        try await texts("SELECT COUNT(*) FROM backups WHERE state = 'verified'", connection) == [
          "1"
        ])
      let counted = """
        SELECT (SELECT COUNT(*) FROM transactions), (SELECT COUNT(*) FROM alerts),
          (SELECT COUNT(*) FROM risk_cases), (SELECT COUNT(*) FROM backups)
        """
      let before = try await texts(counted, connection)
      _ = try await demo.run(transactions: 1000, days: 10) { _ in }
      #expect(try await texts(counted, connection) == before)
      await connection.close()
    } catch {
      try await demo.remove()
      throw error
    }
    try await demo.remove()
    #expect(!FileManager.default.fileExists(atPath: server.directory.path))
    TemporaryDirectory.remove(home)
  }

  /// The outage that lasts is an open alert with its impact, the one before a resolved one.
  private func incidents(_ connection: Connection, _ sights: DemoSights) async throws {
    let planted = try await texts(
      "SELECT member FROM simulation_answer_key WHERE label = 'acquirer_outage'"
        + " AND ends_at > '\(Self.end)' - INTERVAL 2 DAY ORDER BY starts_at",
      connection)
    try #require(planted.count == 2)
    let open = try await texts(
      "SELECT alert_id FROM ops_alerts WHERE alert_state = 'firing' AND parent_alert_id IS NULL"
        + " AND alert_rule LIKE 'monitor%fail%' AND alert_subject LIKE '%\(planted[1])%'"
        + " AND value_at_stake > 0 AND customers_affected > 0", connection)
    #expect(open.count == 1)
    #expect(open.first == sights.alert.map(String.init))
    #expect(
      try await texts(
        "SELECT COUNT(*) FROM ops_alerts WHERE alert_state = 'resolved'"
          + " AND alert_rule LIKE 'monitor%fail%' AND alert_subject LIKE '%\(planted[0])%'",
        connection) == ["1"])
    #expect(sights.hints.contains("payops alerts explain \(open.first ?? "?")"))
  }

  /// A case is right when its customer moved money of a planted event.
  private func launderers(_ connection: Connection) async throws {
    let missed = try await texts(
      """
      SELECT k.label FROM simulation_answer_key AS k
      INNER JOIN accounts AS a ON a.account_id = k.account_id
      WHERE k.kind = 'typology'
        AND NOT EXISTS (SELECT 1 FROM risk_cases AS c WHERE c.customer_id = a.customer_id)
      """, connection)
    #expect(missed.count <= 1, "\(missed)")
    let cases = try await connection.query(
      """
      SELECT COUNT(*) AS cases, SUM(EXISTS (
        SELECT 1 FROM simulation_answer_payments AS p
        INNER JOIN transactions AS t ON t.transaction_id = p.transaction_id
        INNER JOIN accounts AS a ON a.account_id IN (t.account_id, t.counterparty_account_id)
        INNER JOIN simulation_answer_key AS k
          ON k.simulation_id = p.simulation_id AND k.answer_number = p.answer_number
        WHERE k.kind = 'typology' AND a.customer_id = c.customer_id)) AS right_cases
      FROM risk_cases AS c
      """)
    let all = try #require(cases.rows.first?.integer("cases"))
    let right = try #require(cases.rows.first?.integer("right_cases"))
    #expect(Double(right) >= 0.8 * Double(all), "\(right) of \(all)")
  }
}
