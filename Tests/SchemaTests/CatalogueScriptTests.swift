import Foundation
import TestSupport
import Testing

@Suite("What scripts/catalogue writes", .timeLimit(.minutes(5)))
struct CatalogueScriptTests {
  /// A copy of what the script reads and writes.
  private struct Copy {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

    init() throws {
      let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
      for part in [
        "scripts", "sql", "procedures", "docs/reference", "Sources/PayopsCore",
        "Tests/SQLTests/Golden",
      ] {
        let place = folder.appending(path: part)
        try FileManager.default.createDirectory(
          at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: root.appending(path: part), to: place)
      }
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }

    func text(_ path: String) throws -> String {
      try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    }

    func write(_ text: String, to path: String) throws {
      try text.write(to: folder.appending(path: path), atomically: true, encoding: .utf8)
    }

    /// Runs the script with `--check`: its exit status, and what it names.
    func check() async throws -> (status: Int32, errors: String) {
      let errors = folder.appending(path: "errors")
      try? FileManager.default.removeItem(at: errors)
      let script = try TestProcess(
        "/usr/bin/env", ["python3", "scripts/catalogue", "--check"],
        directory: folder.path(percentEncoded: false), errors: errors.path(percentEncoded: false))
      let status = await script.end()
      return (status, (try? text("errors")) ?? "")
    }
  }

  private struct Damage {
    let path: String
    let from: String
    let to: String
    /// What the script must name.
    let named: String
  }

  private static let damages = [
    // The catalogue loses something: what follows from it is stale.
    Damage(
      path: "sql/catalogue/dimensions.toml", from: "[product]", to: "[product_line]",
      named: "view kpi_payment_members has no column product"),
    Damage(
      path: "sql/catalogue/dimensions.toml", from: "route = true\nmeaning = \"Channel\"",
      to: "meaning = \"Channel\"", named: "sql/tables/latency_day.sql: stale"),
    Damage(
      path: "sql/catalogue/measures.toml", from: "answered_count = {", to: "answers_count = {",
      named: "procedures/capture/apply_payment_deltas.sql: stale"),
    Damage(
      path: "sql/catalogue/states.toml", from: "amount = \"reversed_amount\"\n", to: "",
      named: "no view has the column reversed_amount"),
    Damage(
      path: "sql/catalogue/severities.toml", from: "[SEVERE]\nrank = 4\n", to: "",
      named: "an ENUM from 'INFO' is not that of the catalogue"),
    Damage(
      path: "sql/catalogue/grains.toml", from: "key = \"metric_hour\"", to: "key = \"hour\"",
      named: "column hour of view kpi_payment_hour has no type"),
    Damage(
      path: "sql/catalogue/capture.toml", from: "\"accepted_at\", ", to: "",
      named: "sql/triggers/settlements_after_insert_capture.sql: stale"),
    Damage(
      path: "sql/catalogue/capture.toml", from: "[login_activity]", to: "[logins]",
      named: "log_bulk_load.sql:92: -- end without a list that is known"),
    // What is generated is edited by hand.
    Damage(
      path: "sql/tables/metric_hour.sql", from: "'channel',", to: "",
      named: "sql/tables/metric_hour.sql: stale"),
    Damage(
      path: "sql/tables/transactions.sql", from: "'denied', ", to: "",
      named: "transactions.sql: an ENUM from 'created' is not that of the catalogue"),
    Damage(
      path: "sql/tables/settlement_day.sql", from: "'Settlements due'", to: "'Settlements'",
      named: "sql/tables/settlement_day.sql: stale"),
    Damage(
      path: "sql/triggers/transactions_after_update_capture.sql",
      from: "AND OLD.channel <=> NEW.channel\n", to: "\n",
      named: "sql/triggers/transactions_after_update_capture.sql: stale"),
    Damage(
      path: "sql/views/latency/latency_apdex_day.sql", from: "0.500000", to: "0.600000",
      named: "sql/views/latency/latency_apdex_day.sql: stale"),
    Damage(
      path: "procedures/capture/take_waiting_changes.sql", from: "QUOTE(c.location),", to: "",
      named: "procedures/capture/take_waiting_changes.sql: stale"),
    Damage(
      path: "sql/reference/dimension_definitions.sql", from: "'Card scheme'", to: "'Scheme'",
      named: "sql/reference/dimension_definitions.sql: stale"),
    Damage(
      path: "Sources/PayopsCore/PaymentState.swift", from: "  case denied\n", to: "",
      named: "Sources/PayopsCore/PaymentState.swift: stale"),
    // A list without a mark, a mark without an end, an end without a mark.
    Damage(
      path: "sql/views/kpi/kpi_today.sql", from: "SELECT\n",
      to: "SELECT\n    'location', 'device_type', 'channel', 'product',\n",
      named: "sql/views/kpi/kpi_today.sql lists a dimension but all by hand at product"),
    Damage(
      path: "procedures/monitor/find_parent_alert.sql", from: "                -- end\n", to: "",
      named: "has no '-- end' of the same indent"),
    Damage(
      path: "procedures/monitor/find_parent_alert.sql", from: "-- each dimension but",
      to: "-- each dimensoin but", named: "-- end without a list that is known"),
  ]

  @Test("a catalogue that loses a row, and a generated line that is edited, are named")
  func damage() async throws {
    let copy = try Copy()
    defer { copy.remove() }
    let whole = try await copy.check()
    #expect(whole == (0, ""))
    for damage in Self.damages {
      let before = try copy.text(damage.path)
      #expect(before.contains(damage.from), "\(damage.path): \(damage.from)")
      try copy.write(
        before.replacing(damage.from, with: damage.to, maxReplacements: 1), to: damage.path)
      let found = try await copy.check()
      #expect(found.status == 1, "\(damage.path): \(damage.from)")
      #expect(found.errors.contains(damage.named), "\(damage.path): \(found.errors.prefix(400))")
      try copy.write(before, to: damage.path)
    }
    #expect(try await copy.check() == (0, ""))
  }
}
