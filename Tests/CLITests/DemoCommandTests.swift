import Foundation
import TestSupport
import Testing

@Suite("Demo and health", .timeLimit(.minutes(5)))
struct DemoCommandTests {
  private static func object(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("the demo fills a server, shows the page, adds nothing twice, and is removed completely")
  func life() async throws {
    let home = FileManager.default.temporaryDirectory
      .appending(path: "payops demo \(UUID().uuidString.prefix(8))")
    defer { try? FileManager.default.removeItem(at: home) }
    let port = try FreePort.next()
    func payops(_ arguments: String...) async throws -> ProgramRun {
      try await ProgramRun.payops(arguments, directory: home, deadline: .seconds(180))
    }
    let size = ["--transactions", "4000", "--days", "10"]
    let first = try await ProgramRun.payops(
      ["demo", "--port", "\(port)"] + size, directory: home, deadline: .seconds(180))
    do {
      #expect(first.status == 0, "\(first.errors)")
      for title in ["TODAY", "BACKLOG", "TRY NEXT", "bi_reader", "127.0.0.1:\(port)"] {
        #expect(first.output.contains(title), "\(title)")
      }
      let lines = first.output.split(separator: "\n").filter { !$0.contains(home.path) }
      #expect(lines.filter { $0.count > 80 } == [])
      let again = try await payops("demo", "--port", "\(port)", size[0], size[1], size[2], size[3])
      #expect(again.status == 0, "\(again.errors)")
      #expect(again.errors.contains("nothing was added"))

      let health = try await payops("health", "--json")
      #expect(health.status == 0, "\(health.errors)")
      let figures = try Self.object(health.output)
      for key in ["today", "backlog_by_age", "settlement_sla"] {
        #expect((figures[key] as? [Any])?.isEmpty == false, "\(key)")
      }
      let past = try await payops("health", "--at", "2001-01-01")
      #expect(past.status == 0, "a day without payments is a page too: \(past.errors)")
      let early = Date(timeIntervalSinceNow: -5 * 86400).formatted(.iso8601.year().month().day())
      let earlier = try await payops("health", "--at", early)
      #expect(earlier.output.contains("INCIDENTS"), "\(earlier)")
      #expect(earlier.output.split(separator: "\n").filter { $0.count > 80 } == [])
      let reconciled = try await payops("reconcile")
      #expect(reconciled.status == 0, "\(reconciled.output)")
      try await checkReader(home)
    } catch {
      _ = try await payops("demo", "--remove")
      throw error
    }
    let removed = try await payops("demo", "--remove")
    #expect(removed.status == 0, "\(removed.errors)")
    #expect(!FileManager.default.fileExists(atPath: home.appending(path: ".payops").path))
    #expect(try await payops("demo", "--remove").status == 0)
  }

  /// The account for BI tools reads only published views.
  private func checkReader(_ home: URL) async throws {
    let file = home.appending(path: ".payops/bi.cnf").path
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    func ask(_ statement: String) async throws -> ProgramRun {
      try await ProgramRun.run(
        URL(filePath: "/usr/bin/mariadb"),
        ["--defaults-file=\(file)", "--batch", "--skip-column-names", "--execute", statement])
    }
    let views = try await ask(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()")
    #expect(views.status == 0, "\(views.errors)")
    let names = views.output.split(separator: "\n")
    #expect(names.count > 50)
    let all = try await ask(names.map { "SELECT 1 FROM \($0) LIMIT 1;" }.joined(separator: " "))
    #expect(all.status == 0, "\(all.errors)")
    for refused in [
      "SELECT 1 FROM transactions LIMIT 1", "SELECT 1 FROM customers LIMIT 1",
      "DELETE FROM kpi_today", "CALL refresh_rollups(1)", "CREATE TABLE own (a INT)",
      "SELECT 1 FROM mysql.user LIMIT 1", "SELECT 1 FROM risk_case_history LIMIT 1",
    ] {
      let run = try await ask(refused)
      #expect(run.status != 0, "\(refused)")
      #expect(run.errors.contains("denied"), "\(refused): \(run.errors)")
    }
  }
}
