import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("payops serve", .timeLimit(.minutes(5)))
struct ServeCommandTests {
  @Test("its link signs a browser in, its tokens open the API, SIGTERM ends it cleanly")
  func life() async throws {
    try await ServeFixture.with { fixture in
      let secret = try await fixture.token("read")
      let page = try await fixture.send("/")
      #expect(page.hasPrefix("HTTP/1.1 200") && page.contains("Content-Security-Policy"))
      #expect(try await fixture.send("/healthz").contains("alive"))
      #expect(try await fixture.send("/readyz").contains("ready"))
      let signedIn = try await fixture.send("/" + fixture.link)
      #expect(signedIn.hasPrefix("HTTP/1.1 303") && signedIn.contains("payops_session="))
      #expect(try await fixture.send("/" + fixture.link).hasPrefix("HTTP/1.1 403"))
      #expect(try await fixture.send("/api/v1/pages/overview").hasPrefix("HTTP/1.1 401"))
      let overview = try await fixture.send("/api/v1/pages/overview", token: secret)
      #expect(overview.hasPrefix("HTTP/1.1 200"), "\(overview.prefix(600))")

      let id = secret.split(separator: "_")[1].description
      let revoked = try await ProgramRun.payops(
        ["token", "revoke", id] + fixture.server, directory: fixture.home)
      #expect(revoked.status == 0, "\(revoked.errors)")
      fixture.process.signal(SIGTERM)
      #expect(await fixture.process.end(within: .seconds(30)) == 0)
    }
  }

  @Test("metrics are read by an account that has the role monitor and nothing else")
  func metrics() async throws {
    try await ServeFixture.with { fixture in
      let secret = try await fixture.token("read")
      #expect(try await fixture.send("/metrics").hasPrefix("HTTP/1.1 401"))
      let metrics = try await fixture.send("/metrics", token: secret)
      #expect(metrics.contains("\npayops_up 1\n"), "\(metrics.prefix(600))")
      #expect(metrics.contains("payops_http_requests_total"))
      let read = metrics.split(separator: "\n").filter {
        $0.hasPrefix("payops_exporter_view_success{")
      }
      #expect(read.count > 20 && read.allSatisfy { $0.hasSuffix(" 1") }, "\(read)")
      let schema = fixture.schema.options.database ?? ""
      let grants = try await fixture.schema.query(
        "SELECT Role AS role FROM mysql.roles_mapping WHERE User IN (?, ?)",
        [.text("\(schema)_api_metrics"), .text("\(schema)_api_metrics_role")]
      ).rows.map { $0["role"] ?? "" }
      #expect(Set(grants) == ["\(schema)_api_metrics_role", "\(schema)_monitor"])
      let acting = try await fixture.schema.query(
        "SELECT account_name FROM api_accounts WHERE account_name LIKE '%metrics'")
      #expect(acting.rows.isEmpty)
    }
  }

  @Test("a folder of accounts of an earlier version, without one for metrics, still serves")
  func earlierFolder() async throws {
    try await ServeFixture.with { fixture in
      fixture.process.signal(SIGTERM)
      #expect(await fixture.process.end(within: .seconds(30)) == 0)
      try FileManager.default.removeItem(atPath: fixture.folder + "/metrics.cnf")
      let again = try await fixture.restarted()
      defer { again.process.signal(SIGKILL) }
      let metrics = try await again.send("/metrics", token: try await again.token("read"))
      #expect(metrics.contains("\npayops_up 1\n"), "\(metrics.prefix(600))")
    }
  }

  @Test("the scheduler answers HTTP as well when it is told where")
  func daemon() async throws {
    try await ServeFixture.with("run") { fixture in
      #expect(try await fixture.send("/healthz").contains("alive"))
      #expect(try await fixture.send("/readyz").contains("ready"))
      // It schedules as well.
      let leases = "SELECT 1 FROM scheduler_leases"
      while try await fixture.schema.query(leases).rows.isEmpty {
        try await Task.sleep(for: .milliseconds(20))
      }
      fixture.process.signal(SIGTERM)
      #expect(await fixture.process.end(within: .seconds(60)) == 0)
    }
  }

  @Test("a server that somebody else runs needs accounts, and a place where it can listen")
  func refusals() async throws {
    let home = try TemporaryDirectory.make("serve")
    defer { TemporaryDirectory.remove(home) }
    let without = try await ProgramRun.payops(
      ["serve", "--socket", "/nowhere.sock"], directory: home)
    #expect(without.status == 64)
    #expect(without.errors.contains("payops token accounts"))
    let nowhere = try await ProgramRun.payops(
      ["serve", "--socket", "/nowhere.sock", "--listen", "here"], directory: home)
    #expect(nowhere.status == 64)
    #expect(nowhere.errors.contains("where a server can listen"))
  }
}
