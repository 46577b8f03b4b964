import Foundation
import MariaDBClient
import TestSupport
import Testing

@testable import API

@Suite("Who may ask what", .timeLimit(.minutes(5)))
struct AccessTests {
  /// A path of a route with numbers for its placeholders.
  private func target(_ route: Route) -> String {
    route.path.split(separator: "/").map { part in
      !part.hasPrefix("{")
        ? "/" + part : part == "{name}" ? "/overview" : part == "{job_name}" ? "/none" : "/999999"
    }.joined()
  }

  @Test("every route refuses who has no token, a wrong one, or too small a scope, and no other")
  func scopes() async throws {
    try await APIFixture.with(payments: 0) { fixture in
      for route in RouteTable.all.routes {
        let name = "\(route.method) \(route.path)"
        let body = route.method == "POST" ? "{}" : ""
        let nobody = try await fixture.ask(route.method, target(route), as: nil, body: body)
        guard let needed = route.scope else {
          #expect(nobody.status != 401, "\(name)")
          continue
        }
        #expect(nobody.status == 401, "\(name)")
        #expect(nobody.header("WWW-Authenticate") == "Bearer", "\(name)")
        for scope in Scope.allCases where route.method != "DELETE" {
          let answer = try await fixture.ask(route.method, target(route), as: scope, body: body)
          if scope < needed {
            #expect(answer.status == 403, "\(name) as \(scope)")
            #expect(answer.text.contains("urn:payops:problem:scope"), "\(name) as \(scope)")
          } else {
            #expect(![401, 403, 405, 500].contains(answer.status), "\(name): \(answer.text)")
          }
        }
      }
      let token = try #require(fixture.tokens[.read])
      for text in [
        "x", "payops_1_short", APIToken(id: token.id, secret: token.secret + "x").text,
        APIToken(id: token.id + 1000, secret: token.secret).text,
      ] {
        let answer = try await fixture.send(
          "GET", "/api/v1/session",
          headers: [
            (name: "host", value: "here:1"), (name: "authorization", value: "Bearer " + text),
          ])
        #expect(answer.status == 401)
      }
    }
  }

  @Test("a request for another host is not answered, whatever its token")
  func hosts() async throws {
    try await APIFixture.with(payments: 0) { fixture in
      let token = try #require(fixture.tokens[.admin])
      for path in ["/healthz", "/api/v1/session", "/"] {
        let answer = try await fixture.send(
          "GET", path,
          headers: [
            (name: "host", value: "evil.example"),
            (name: "authorization", value: "Bearer " + token.text),
          ])
        #expect(answer.status == 421, "\(path)")
      }
    }
  }

  @Test("a link signs a browser in once; its cookie changes nothing from another page")
  func sessions() async throws {
    try await APIFixture.with(payments: 0) { fixture in
      let token = try #require(fixture.tokens[.operate])
      let code = try #require(fixture.service.codes.make(for: token))
      let first = try await fixture.ask("GET", "/sign-in?code=\(code)", as: nil)
      #expect(first.status == 303)
      #expect(try await fixture.ask("GET", "/sign-in?code=\(code)", as: nil).status == 403)
      let field = try #require(first.header("Set-Cookie"))
      #expect(field.contains("HttpOnly") && field.contains("SameSite=Strict"))
      let cookie = String(field.prefix { $0 != ";" })
      func send(_ method: String, _ path: String, origin: String?) async throws -> Int {
        var headers = [(name: "host", value: "here:1"), (name: "cookie", value: "a=b; " + cookie)]
        if let origin { headers.append((name: "origin", value: origin)) }
        if method == "POST" { headers.append((name: "content-type", value: "application/json")) }
        return try await fixture.send(
          method, path, headers: headers, body: method == "POST" ? "{}" : ""
        ).status
      }
      #expect(try await send("GET", "/api/v1/session", origin: nil) == 200)
      let path = "/api/v1/alerts/7/acknowledge"
      #expect(try await send("POST", path, origin: nil) == 403)
      #expect(try await send("POST", path, origin: "http://evil.example") == 403)
      #expect(try await send("POST", path, origin: "https://here:1") == 403)
      #expect(try await send("POST", path, origin: "null") == 403)
      #expect(try await send("POST", path, origin: "http://here:1") == 404)
      #expect(try await send("DELETE", "/api/v1/session", origin: "http://here:1") == 204)
      #expect(try await send("GET", "/api/v1/session", origin: nil) == 401)
    }
  }

  @Test("a revoked token is refused as soon as the revision is read again")
  func revocation() async throws {
    try await APIFixture.with(payments: 0) { fixture in
      let token = try #require(fixture.tokens[.read])
      #expect(try await fixture.ask("GET", "/api/v1/session").status == 200)
      try await fixture.root.execute("CALL revoke_api_token(?)", [.integer(token.id)])
      #expect(APIService.Revision.lifetime <= .seconds(2))
      fixture.service.forgetRevision()
      #expect(try await fixture.ask("GET", "/api/v1/session").status == 401)
    }
  }

  @Test(
    "metrics are given to a token that was known when the database went away, and nothing else is")
  func awayDatabase() async throws {
    try await APIFixture.with(payments: 0) { fixture in
      #expect(try await fixture.ask("GET", "/metrics").status == 200)
      let schema = fixture.root.options.database ?? ""
      try await fixture.root.execute("ALTER USER `\(schema)_api_read`@localhost ACCOUNT LOCK")
      let open = try await fixture.root.query(
        "SELECT id FROM information_schema.processlist WHERE user = ?",
        [.text("\(schema)_api_read")]
      ).rows
      for row in open {
        _ = try? await fixture.root.execute("KILL \(row.integer("id") ?? 0)")
      }
      fixture.service.forgetRevision()
      #expect(try await fixture.ask("GET", "/metrics").status == 200)
      #expect(try await fixture.ask("GET", "/metrics", as: .admin).status != 200)
      #expect(try await fixture.ask("GET", "/api/v1/session").status != 200)
    }
  }

  @Test("an account of the server may not change the schema, nor read personal data by itself")
  func accounts() async throws {
    try await APIFixture.with(payments: 0) { fixture in
      for scope in Scope.allCases {
        for statement in [
          "UPDATE settings SET setting_value = '1'", "DROP TABLE alerts",
          "INSERT INTO api_tokens (person) VALUES ('x')", "SELECT * FROM api_tokens",
          "CREATE USER x", "UPDATE api_accounts SET scope = 'admin'",
        ] {
          await #expect(throws: DatabaseError.self, "\(scope): \(statement)") {
            try await fixture.service.pools.use(scope, .page) { try await $0.execute(statement) }
          }
        }
      }
      await #expect(throws: DatabaseError.self) {
        try await fixture.service.pools.use(.read, .page) {
          try await $0.execute("SELECT * FROM customers")
        }
      }
    }
  }
}
