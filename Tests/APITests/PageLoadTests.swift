import Foundation
import MariaDBClient
import TestSupport
import Testing

@testable import API

/// `make test-long` has 1,000 loads.
private let loads =
  ProcessInfo.processInfo.environment["PAYOPS_TEST_LONG"] == nil ? 30 : 1000

@Suite("Pages while payments are written", .timeLimit(.minutes(20)))
struct PageLoadTests {
  @Test("the numbers of one page agree at every load; of lists that are read apart they do not")
  func agreement() async throws {
    try await APIFixture.with { fixture in
      let writing = Task { try await write(fixture) }
      var faults: [String] = []
      var bodies: [String: String] = [:]
      var seen: Set<String> = []
      var unchanged = 0
      for load in 0..<loads {
        let page = load.isMultiple(of: 3) ? "backlog" : "overview"
        // Every other load asks a server that has just started, whose cache is empty; the others
        // share one cache, as the browsers of many people do.
        let asked = load.isMultiple(of: 2) ? fixture : fixture.restarted()
        let answer = try await asked.ask("GET", "/api/v1/pages/\(page)", as: .operate)
        guard answer.status == 200, let tag = answer.header("ETag") else {
          faults.append("load \(load): \(answer.status) \(answer.text.prefix(200))")
          continue
        }
        faults += PageSums(answer.json).disagreements.map { "load \(load), \(page): \($0)" }
        seen.insert(tag)
        // What is unchanged by its tag is the answer that had this tag.
        if load.isMultiple(of: 2) {
          let again = try await asked.ask(
            "GET", "/api/v1/pages/\(page)", as: .operate,
            headers: [(name: "if-none-match", value: tag)])
          if again.status == 304 { unchanged += 1 }
          if let known = bodies[tag], known != answer.text {
            faults.append("load \(load): two answers have the tag \(tag)")
          }
          bodies[tag] = answer.text
        }
      }
      var apart = 0
      for _ in 0..<200 where apart == 0 {
        let sums = try await PageSums(apart: fixture)
        apart += sums.disagreements.count
      }
      writing.cancel()
      let changes = try await writing.value
      #expect(faults.isEmpty, "\(faults.prefix(10).joined(separator: "\n"))")
      #expect(apart > 0, "lists that are read one after the other always agree: nothing was proved")
      #expect(unchanged > 0)
      // Many states of the database were seen, not one over and over.
      #expect(seen.count > loads / 6, "\(seen.count) states in \(loads) loads, \(changes) changes")
    }
  }

  /// Inserts and updates payments, applies them, and raises and resolves alerts until it is
  /// cancelled.
  ///
  /// - Returns: how often it did so
  private func write(_ fixture: APIFixture) async throws -> Int {
    let connection = try await Connection.open(fixture.root.options)
    var round = 0
    while !Task.isCancelled {
      round += 1
      let states = ["pending", "completed", "failed", "authorized", "created"]
      try await connection.execute(
        """
        INSERT INTO transactions (account_id, transaction_time, transaction_amount, currency,
          transaction_type, status)
        SELECT account_id, '2026-11-18 12:00:00' + INTERVAL \(round % 25) MINUTE, \(round % 90 + 1),
          currency, 'transfer', '\(states[round % 5])'
        FROM accounts WHERE currency = 'EUR' ORDER BY account_id LIMIT \(round % 4 + 1)
        """)
      try await connection.execute(
        "UPDATE transactions SET status = 'completed' WHERE status = 'pending'"
          + " ORDER BY transaction_id DESC LIMIT \(round % 3)")
      _ = try await connection.query("CALL refresh_rollups(100000)")
      if round.isMultiple(of: 5) {
        _ = try await connection.query("CALL raise_alert('rule', 'load', 'WARNING', '\(round)')")
      } else if round % 5 == 3 {
        _ = try await connection.query("CALL resolve_alert('rule', 'load')")
      }
    }
    await connection.close()
    return round
  }
}

/// Numbers of a page that count the same payments.
private struct PageSums {
  private var columns: [String: [String: [Double]]] = [:]
  private var kpis: [String: Double] = [:]

  /// Takes them from a page.
  init(_ page: [String: Any]) {
    for section in page["sections"] as? [RowProof.Row] ?? [] {
      for block in section["blocks"] as? [RowProof.Row] ?? [] {
        let names = (block["columns"] as? [RowProof.Row] ?? []).map { $0["name"] as? String ?? "" }
        add(
          block["view"] as? String ?? "",
          (block["rows"] as? [[Any]] ?? []).map {
            RowProof.Row(zip(names, $0), uniquingKeysWith: { first, _ in first })
          })
      }
    }
  }

  /// Takes them from lists, each of which is read by itself.
  init(apart fixture: APIFixture) async throws {
    for view in ["exposure_total", "backlog_by_age", "backlog_by_state", "kpi_today"] {
      add(view, try await fixture.ask("GET", "/api/v1/kpis/\(view)", as: .operate).rows)
    }
  }

  private mutating func add(_ view: String, _ rows: [RowProof.Row]) {
    for row in rows {
      for (name, value) in row {
        guard let number = value as? NSNumber else { continue }
        columns[view, default: [:]][name, default: []].append(number.doubleValue)
      }
      if view == "kpi_today", let name = row["kpi_name"] as? String {
        kpis[name] = (row["kpi_value"] as? NSNumber)?.doubleValue
      }
    }
  }

  private func sum(_ view: String, _ column: String) -> Double? {
    columns[view]?[column]?.reduce(0, +)
  }

  /// What differs where it must not.
  var disagreements: [String] {
    let day = columns["ops_health_days"]
    let groups: [[String: Double?]] = [
      [
        "kpi_today.backlog_count": kpis["backlog_count"],
        "exposure_total.open_count": sum("exposure_total", "open_count"),
        "backlog_by_age.open_count": sum("backlog_by_age", "open_count"),
        "backlog_by_state.open_count": sum("backlog_by_state", "open_count"),
        "backlog_flow_hour.backlog_count": columns["backlog_flow_hour"]?["backlog_count"]?.first,
      ],
      [
        "exposure_total.open_amount": sum("exposure_total", "open_amount"),
        "backlog_by_age.open_amount": sum("backlog_by_age", "open_amount"),
        "backlog_by_state.open_amount": sum("backlog_by_state", "open_amount"),
      ],
      [
        "kpi_today.total_count": kpis["total_count"],
        "ops_health_days.total_count": day?["total_count"]?.first,
      ],
      [
        "kpi_today.total_amount": kpis["total_amount"],
        "ops_health_days.total_amount": day?["total_amount"]?.first,
      ],
      [
        "kpi_today.success_rate": kpis["success_rate"],
        "ops_health_days.success_rate": day?["success_rate"]?.first,
      ],
    ]
    return groups.compactMap { group in
      let found = group.compactMapValues { $0 }
      guard let least = found.values.min(), let most = found.values.max(),
        most - least > 0.000_06 * max(1, most * 1e-6)
      else { return nil }
      return found.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        .joined(separator: ", ")
    }
  }
}
