import Foundation
import MariaDBClient
import TestSupport
import Testing

@Suite("What payops serve never gives away", .timeLimit(.minutes(5)))
struct ServeSecretsTests {
  /// Words that stand for personal data; none may leave.
  private static let canaries = ["canary", "1901-02-03", "DE44500105175407324931"]

  /// Puts the words where personal data are.
  private func plant(_ connection: Connection) async throws {
    try await connection.execute(
      """
      UPDATE customers SET name = 'Canary', first_name = 'Canary', last_name = 'Canary',
        email = CONCAT('canary', customer_id, '@example.com'), phone = '+49canary',
        identifier = CONCAT('canary-', customer_id), birth_date = '1901-02-03'
      """)
    try await connection.execute(
      "UPDATE accounts SET account_number = CONCAT('CANARY', account_id)")
    try await connection.execute(
      """
      UPDATE transactions SET title = 'canary title',
        counterparty_handle = IF(transaction_id MOD 2, CONCAT('canary', transaction_id, '@bank'),
          NULL),
        counterparty_iban = IF(transaction_id MOD 2, NULL, 'DE44500105175407324931')
      """)
    _ = try await connection.queryAll("CALL refresh_rollups(100000)")
  }

  /// Every path of the description that is read, with something in place of its names.
  private func targets(_ fixture: ServeFixture, _ token: String) async throws -> [String] {
    func json(_ target: String) async throws -> [String: Any] {
      let answer = try await fixture.send(target, token: token)
      let body = answer.split(separator: "\r\n\r\n", maxSplits: 1).last ?? ""
      return try #require(
        try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
    }
    let paths = try #require(try await json("/openapi.json")["paths"] as? [String: [String: Any]])
    let pages = try #require(try await json("/api/v1/pages")["pages"] as? [[String: Any]])
    let views = try #require(try await json("/api/v1/kpis")["views"] as? [[String: Any]])
    var targets: [String] = []
    for (path, operations) in paths.sorted(by: { $0.key < $1.key }) where operations["get"] != nil {
      switch path {
      case "/api/v1/pages/{name}":
        for page in pages.compactMap({ $0["name"] as? String }) {
          targets.append("/api/v1/pages/\(page)" + (page == "risk" ? "?customer_id=1" : ""))
        }
      case "/api/v1/kpis/{name}":
        for view in views.compactMap({ $0["name"] as? String }) {
          targets += ["/api/v1/kpis/\(view)?limit=1000", "/api/v1/kpis/\(view)?format=csv"]
        }
      case "/api/v1/series":
        targets.append(path + "?metric=failed_rate&from=2026-01-01&to=2026-01-02")
      default: targets.append(path.replacing(/\{[a-z_]+\}/, with: "1"))
      }
    }
    return targets
  }

  @Test("no secret and no personal data in any answer, any line of its log, or the metrics")
  func canaries() async throws {
    try await ServeFixture.with { schema, server, home in
      let run = try await ProgramRun.payops(
        ["generate", "--transactions", "600", "--days", "3", "--seed", "7"] + server,
        directory: home)
      try #require(run.status == 0, "\(run.errors)")
      try await plant(schema)
    } _: { fixture in
      let tokens = try await [fixture.token("read"), fixture.token("admin")]
      var secrets = tokens.map {
        $0.split(separator: "_", maxSplits: 2).last.map(String.init) ?? ""
      }
      for name in ["read", "operate", "admin", "metrics"] {
        let file = try String(contentsOfFile: "\(fixture.folder)/\(name).cnf", encoding: .utf8)
        let line = file.split(separator: "\n").first { $0.hasPrefix("password=") }
        secrets.append(String(line?.dropFirst(9) ?? ""))
      }
      try #require(secrets.allSatisfy { $0.count >= 20 })
      let stored = try await fixture.schema.query("SELECT token_hash FROM api_tokens").rows
      secrets += stored.compactMap { $0["token_hash"] }
      var found: [String] = []
      func look(_ text: String, _ place: String) {
        let lower = text.lowercased()
        for word in Self.canaries + secrets where lower.contains(word.lowercased()) {
          found.append("\(place) has \(word.prefix(8))…")
        }
      }
      let targets = try await targets(fixture, tokens[1])
      #expect(targets.count > 200)
      for target in targets {
        look(try await fixture.send(target, token: tokens[1]), target)
      }
      look(try await fixture.send("/metrics", token: tokens[0]), "/metrics")
      // What goes wrong tells no more: a routine and a view are gone, and a name is in the request.
      try await fixture.schema.execute("DROP PROCEDURE read_series")
      try await fixture.schema.execute("DROP VIEW risk_scores")
      for target in [
        "/api/v1/series?metric=failed_rate&from=2026-01-01&to=2026-01-02",
        "/api/v1/customers/1/scores", "/api/v1/payments?location=Canary%20title&status=x",
        "/api/v1/payments?cursor=Canary", "/api/v1/nothing?name=Canary", "/sign-in?code=Canary",
      ] {
        look(
          try await fixture.send(target, token: tokens[1])
            .replacing("location` = 'Canary title'", with: ""), target)
      }
      look(
        try await fixture.send(
          "/api/v1/alerts/1/comment", method: "POST", token: tokens[1],
          body: #"{"text":"Canary","card":"Canary"}"#), "a refused body")
      look(try await fixture.send("/", token: "payops_1_" + secrets[0] + "x"), "a wrong token")
      fixture.process.signal(SIGTERM)
      #expect(await fixture.process.end(within: .seconds(30)) == 0)
      #expect(fixture.errors.contains("serving"))
      look(fixture.errors, "the log")
      #expect(found.isEmpty, "\(found.prefix(20))")
      // The words are there to be found.
      look("canary", "here")
      #expect(!found.isEmpty)
    }
  }
}
