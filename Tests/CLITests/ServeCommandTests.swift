import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("payops serve", .timeLimit(.minutes(5)))
struct ServeCommandTests {
  /// Sends a GET and gives the whole answer.
  private func get(_ target: String, port: Int, _ headers: String = "") async throws -> String {
    let client = try RawClient(port: port)
    defer { client.end() }
    client.send(
      "GET \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\(headers)\r\n")
    return await client.readToEnd()
  }

  @Test("its link signs a browser in, its tokens open the API, SIGTERM ends it cleanly")
  func life() async throws {
    let home = try TemporaryDirectory.make("serve")
    defer { TemporaryDirectory.remove(home) }
    try await TestServer.withSchema { connection in
      let schema = connection.options.database ?? ""
      let server = ["--socket", connection.options.socket ?? "", "--database", schema]
      let folder = home.appending(path: "accounts").path
      let made = try await ProgramRun.payops(
        ["token", "accounts", folder] + server, directory: home)
      #expect(made.status == 0, "\(made.errors)")
      let token = try await ProgramRun.payops(
        ["token", "create", "--person", "anna", "--scope", "read"] + server, directory: home)
      #expect(token.status == 0, "\(token.errors)")
      let secret = token.output.trimmingCharacters(in: .whitespacesAndNewlines)

      let output = home.appending(path: "output").path
      let process = try TestProcess(
        ProgramRun.binary.path,
        ["serve", "--accounts", folder, "--listen", "127.0.0.1:0"] + server,
        output: output, errors: home.appending(path: "errors").path)
      var link = ""
      while link.isEmpty, process.status == nil {
        try await Task.sleep(for: .milliseconds(50))
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        if text.hasSuffix("\n") { link = text.trimmingCharacters(in: .whitespacesAndNewlines) }
      }
      let errors =
        (try? String(contentsOfFile: home.appending(path: "errors").path, encoding: .utf8))
      let parts = link.split(separator: "/")
      let port = try #require(
        parts.count == 3 ? Int(parts[1].split(separator: ":").last ?? "") : nil, "\(errors ?? "")")

      let page = try await get("/", port: port)
      #expect(page.hasPrefix("HTTP/1.1 200") && page.contains("Content-Security-Policy"))
      #expect(try await get("/healthz", port: port).contains("alive"))
      #expect(try await get("/readyz", port: port).contains("ready"))
      let signedIn = try await get("/" + parts[2], port: port)
      #expect(signedIn.hasPrefix("HTTP/1.1 303") && signedIn.contains("payops_session="))
      #expect(try await get("/" + parts[2], port: port).hasPrefix("HTTP/1.1 403"))
      let bearer = "Authorization: Bearer \(secret)\r\n"
      #expect(try await get("/api/v1/pages/overview", port: port).hasPrefix("HTTP/1.1 401"))
      let overview = try await get("/api/v1/pages/overview", port: port, bearer)
      #expect(overview.hasPrefix("HTTP/1.1 200"), "\(overview.prefix(600))")
      let metrics = try await get("/metrics", port: port, bearer)
      #expect(metrics.contains("payops_up 1"), "\(metrics.prefix(600))")
      #expect(metrics.contains("payops_http_requests_total"))

      let revoked = try await ProgramRun.payops(
        ["token", "revoke", secret.split(separator: "_")[1].description] + server, directory: home)
      #expect(revoked.status == 0, "\(revoked.errors)")
      process.signal(SIGTERM)
      #expect(await process.end(within: .seconds(30)) == 0)
      try await dropAccounts(of: schema, on: connection)
    }
  }

  @Test("the scheduler answers HTTP as well when it is told where")
  func daemon() async throws {
    let home = try TemporaryDirectory.make("serve")
    defer { TemporaryDirectory.remove(home) }
    try await TestServer.withSchema { connection in
      let schema = connection.options.database ?? ""
      let server = ["--socket", connection.options.socket ?? "", "--database", schema]
      let folder = home.appending(path: "accounts").path
      let made = try await ProgramRun.payops(
        ["token", "accounts", folder] + server, directory: home)
      #expect(made.status == 0, "\(made.errors)")
      let output = home.appending(path: "output").path
      let process = try TestProcess(
        ProgramRun.binary.path,
        ["run", "--accounts", folder, "--listen", "127.0.0.1:0"] + server,
        output: output, errors: home.appending(path: "errors").path)
      var port: Int?
      while port == nil, process.status == nil {
        try await Task.sleep(for: .milliseconds(50))
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        port = text.firstMatch(of: /url="?http:\/\/127\.0\.0\.1:(\d+)\//).flatMap { Int($0.1) }
      }
      let place = try #require(port)
      #expect(try await get("/healthz", port: place).contains("alive"))
      #expect(try await get("/readyz", port: place).contains("ready"))
      // It schedules as well.
      while try await connection.query("SELECT 1 FROM scheduler_leases").rows.isEmpty {
        try await Task.sleep(for: .milliseconds(20))
      }
      process.signal(SIGTERM)
      #expect(await process.end(within: .seconds(60)) == 0)
      try await dropAccounts(of: schema, on: connection)
    }
  }

  private func dropAccounts(of schema: String, on connection: Connection) async throws {
    for scope in ["read", "operate", "admin"] {
      try await connection.execute("DROP USER IF EXISTS `\(schema)_api_\(scope)`@localhost")
      try await connection.execute("DROP ROLE IF EXISTS `\(schema)_api_\(scope)_role`")
    }
    for role in ["admin", "job", "ops", "analyst", "bi", "backup", "monitor"] {
      try await connection.execute("DROP ROLE IF EXISTS `\(schema)_\(role)`")
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
    let once = try await ProgramRun.payops(
      ["run", "--socket", "/nowhere.sock", "--once", "--listen", "8093"], directory: home)
    #expect(once.status == 64)
    let half = try await ProgramRun.payops(
      ["run", "--socket", "/nowhere.sock", "--https"], directory: home)
    #expect(half.status == 64 && half.errors.contains("--listen"))
  }
}
