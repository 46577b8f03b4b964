import Foundation
import Synchronization

@testable import API

/// Compares the numbers of pages with the rows that their links lead to.
final class RowProof {
  typealias Row = [String: Any]

  private(set) var faults: [String] = []
  private(set) var compared = 0
  private let fixture: APIFixture
  private let reasons: [String: String]
  private var usedReasons: Set<String> = []
  private var lists: [String: [Row]] = [:]

  init(_ fixture: APIFixture, reasons: [String: String] = RowProof.reasons) {
    self.fixture = fixture
    self.reasons = reasons
  }

  /// Reasons that stand for no number any more.
  var reasonsLeft: [String] { reasons.keys.filter { !usedReasons.contains($0) }.sorted() }

  /// Checks every number of a page.
  func check(_ target: String) async throws {
    let page = try await fixture.ask("GET", "/api/v1/pages/\(target)", as: .operate)
    for section in page.json["sections"] as? [Row] ?? [] {
      for block in section["blocks"] as? [Row] ?? [] { try await check(block: block) }
    }
  }

  private func check(block: Row) async throws {
    let view = block["view"] as? String ?? ""
    let columns = block["columns"] as? [Row] ?? []
    let names = columns.map { $0["name"] as? String ?? "" }
    let rows = block["rows"] as? [[Any]] ?? []
    // Of many rows some: each is a question to the database.
    let step = max(1, rows.count / 12)
    for (place, column) in columns.enumerated() where Self.isNumber(column) {
      for row in stride(from: 0, to: rows.count, by: step).map({ rows[$0] }) {
        let record = Row(uniqueKeysWithValues: zip(names, row))
        guard let value = record[names[place]] as? NSNumber else { continue }
        try await check(value.doubleValue, names[place], of: record, column, block, view)
      }
    }
  }

  private func check(
    _ value: Double, _ name: String, of record: Row, _ column: Row, _ block: Row, _ view: String
  ) async throws {
    // A tile has one value a row, whose name stands beside it.
    let kpi = name == "kpi_value" ? record["kpi_name"] as? String : nil
    let number = "\(view).\(kpi ?? name)"
    let links = block["links"] as? [String: String] ?? [:]
    let template = kpi.flatMap { links["\(name)@\($0)"] } ?? links[name]
    if let template, let address = Self.filled(template, record) {
      if address.hasPrefix("#/alerts?alert_id=") {
        compare(number, value, try await fact(name, at: address), address)
        return
      }
      let rows = try await behind(address)
      guard let sum = Self.sum(rows, of: kpi ?? name, unit: unit(column, record)) else {
        faults.append("\(number): nobody says how \(address) makes it")
        return
      }
      compare(number, value, sum, "\(rows.count) rows of \(address)")
    } else if let wanted = Self.derived(number, record) ?? quotient(column, record) {
      compare(number, value, wanted, "its row")
    } else if Self.things.contains(view) {
      return
    } else if reasons[number] != nil || reasons["\(view).*"] != nil {
      usedReasons.formUnion([number, "\(view).*"])
    } else {
      faults.append("\(number): has no rows and no reason")
    }
  }

  private func compare(_ number: String, _ value: Double, _ wanted: Double, _ source: String) {
    compared += 1
    // The least digit that a column keeps.
    let digits =
      number.hasSuffix("mean_duration_ms") && !number.hasPrefix("kpi_today")
      ? 0.000_6 : number.contains(".mean_") ? 0.06 : number.contains(".change_") ? 0.006 : 0.000_06
    if abs(value - wanted) > digits * max(1, abs(wanted) * 1e-6) {
      faults.append("\(number): \(value), where \(source) make \(wanted)")
    }
  }

  private func unit(_ column: Row, _ record: Row) -> String {
    let own = column["unit"] as? String ?? ""
    return own == "named" ? record["unit"] as? String ?? "" : own
  }

  /// A ratio whose numerator and denominator stand in its row.
  private func quotient(_ column: Row, _ record: Row) -> Double? {
    guard let over = (column["numerator"] as? String).flatMap({ record[$0] as? NSNumber }),
      let under = (column["denominator"] as? String).flatMap({ record[$0] as? NSNumber }),
      under != 0
    else { return nil }
    return over.doubleValue / under.doubleValue
  }

  /// A fact of the one alert of an address.
  private func fact(_ name: String, at address: String) async throws -> Double {
    let block = try await fixture.blocks(String(address.dropFirst(2)))["alert"]
    let names = (block?["columns"] as? [Row] ?? []).map { $0["name"] as? String ?? "" }
    let row = (block?["rows"] as? [[Any]])?.first ?? []
    let found = zip(names, row).first { $0.0 == name }?.1 as? NSNumber
    return found?.doubleValue ?? .nan
  }

  /// The rows that an address of a page lists: all of them, which the page may show in part.
  private func behind(_ address: String) async throws -> [Row] {
    if let known = lists[address] { return known }
    let target = String(address.dropFirst(2))
    let page = try await fixture.ask("GET", "/api/v1/pages/\(target)", as: .operate)
    let name = target.prefix { $0 != "?" }
    let wanted =
      name == "backlog" ? "stuck" : name == "alerts" ? "list" : String(name)
    let blocks = (page.json["sections"] as? [Row] ?? [])
      .flatMap { $0["blocks"] as? [Row] ?? [] }
    guard let block = blocks.first(where: { $0["name"] as? String == wanted }),
      let list = block["list"] as? String
    else {
      faults.append("\(address) is \(page.status): \(page.text.prefix(200))")
      return []
    }
    let form = (list.contains("?") ? "&" : "?") + "format=ndjson"
    let answer = try await fixture.ask("GET", list + form, as: .operate)
    let rows = answer.text.split(separator: "\n").compactMap {
      try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? Row
    }
    let shown = (block["rows"] as? [Any])?.count ?? 0
    if answer.status != 200 || shown != min(rows.count, shown)
      || (block["is_cut"] as? Bool) != (rows.count > shown)
    {
      faults.append("\(address) shows \(shown) of \(rows.count) rows: \(answer.text.prefix(200))")
    }
    lists[address] = rows
    return rows
  }

  private static func isNumber(_ column: Row) -> Bool {
    column["type"] as? String == "number" && column["hidden"] as? Bool != true
      && !["id", "degrees", "rank", "hour"].contains(column["unit"] as? String ?? "")
  }

  /// A link with `{column}` filled in, as the dashboard does it; `{column?}` may have no value.
  static func filled(_ template: String, _ record: Row) -> String? {
    var isWhole = true
    let text = template.replacing(/\{([a-z0-9_]+)(\??)\}/) { match in
      let value = record[String(match.1)].flatMap { $0 is NSNull ? nil : "\($0)" }
      if value == nil, match.2.isEmpty { isWhole = false }
      return (value ?? "").addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
    return isWhole ? text : nil
  }
}
