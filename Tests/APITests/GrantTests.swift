import Catalogue
import Foundation
import MariaDBClient
import TestSupport
import Testing

@testable import API

@Suite("What each scope may read", .timeLimit(.minutes(5)))
struct GrantTests {
  /// The roles of the account of a scope, as docs/api.md says.
  private static let roles: [Scope: Set<String>] = [
    .read: ["bi", "monitor"], .operate: ["bi", "monitor", "ops", "analyst"],
    .admin: ["bi", "monitor", "ops", "analyst"],
  ]

  @Test("each view is given to those scopes whose roles may read it, and to no other")
  func views() async throws {
    try await APIFixture.with(payments: 0) { fixture in
      let views = try await fixture.root.query(
        "SELECT view_name, reader_roles FROM published_views ORDER BY view_name"
      ).rows
      var refused = 0
      for view in views {
        let name = view["view_name"] ?? ""
        let readers = Set((view["reader_roles"] ?? "").split(separator: ",").map(String.init))
        for scope in Scope.allCases {
          let may = !readers.isDisjoint(with: Self.roles[scope] ?? [])
          let answer = try await fixture.ask("GET", "/api/v1/kpis/\(name)?limit=1", as: scope)
          #expect((answer.status == 403) == !may, "\(name) as \(scope): \(answer.text)")
          // A view that takes longer than a page may is not refused.
          #expect([200, 403, 503].contains(answer.status), "\(name) as \(scope): \(answer.text)")
          if !may { refused += 1 }
          // A stream has begun before it is refused: no row may leave, and no end that looks whole.
          if !may {
            await #expect(throws: (any Error).self, "\(name) as \(scope)") {
              try await fixture.ask("GET", "/api/v1/kpis/\(name)?format=csv", as: scope)
            }
          }
        }
      }
      #expect(views.count > 100 && refused > 20)
    }
  }

  @Test("a column with personal data is no column, no filter and no comparison, for any scope")
  func columns() async throws {
    try await APIFixture.with(payments: 0) { fixture in
      let catalogue = try await fixture.service.catalogue()
      var tried = 0
      for view in catalogue.views.values.sorted(by: { $0.name < $1.name }) {
        let open = Set(view.openColumns.map(\.name))
        for column in view.columns where column.isPersonal && !open.contains(column.name) {
          tried += 1
          for query in [
            "columns=\(column.name)", "\(column.name)=x", "\(column.name).gte=a",
            "\(column.name).ne=a", "\(column.name).in=a,b",
          ] {
            let answer = try await fixture.ask(
              "GET", "/api/v1/kpis/\(view.name)?\(query)", as: .admin)
            #expect(answer.status == 403, "\(view.name)?\(query): \(answer.text)")
            #expect(answer.text.contains("personal_data"), "\(view.name)?\(query)")
          }
        }
      }
      #expect(tried > 20)
    }
  }

  @Test("every route is tried by the tests of access, with its real method")
  func everyRoute() throws {
    // Another method than GET, POST and DELETE would pass by the tests above.
    #expect(Set(RouteTable.all.routes.map(\.method)) == ["GET", "POST", "DELETE"])
    for route in RouteTable.all.routes where route.scope == nil {
      // Whatever is open to everybody stands here.
      #expect(["/healthz", "/readyz", "/openapi.json", "/sign-in"].contains(route.path))
    }
    for route in RouteTable.all.routes where route.method != "GET" && route.subject != "Session" {
      #expect((route.scope ?? .read) >= .operate, "\(route.path) changes something")
    }
  }

  @Test("a scope too small or too large changes nothing: who may not post a payment posts none")
  func nothingHappens() async throws {
    try await APIFixture.with(payments: 0) { fixture in
      _ = try await fixture.root.query("CALL raise_alert('rule', 'subject', 'WARNING', 'text')")
      func state() async throws -> [String] {
        try await fixture.root.query(
          """
          SELECT CONCAT_WS('/', (SELECT COUNT(*) FROM alert_changes),
            (SELECT COUNT(*) FROM alert_silences), (SELECT COUNT(*) FROM risk_cases),
            (SELECT COUNT(*) FROM payment_requests), (SELECT COUNT(*) FROM payment_flags),
            (SELECT COUNT(*) FROM job_runs), (SELECT SUM(is_enabled) FROM jobs),
            (SELECT MAX(audit_id) FROM audit_head)) AS v
          """
        ).rows.map { $0["v"] ?? "" }
      }
      let before = try await state()
      for route in RouteTable.all.routes where route.method == "POST" {
        guard let needed = route.scope, route.subject != "Session" else { continue }
        let target = route.path.replacing(/\{[a-z_]+\}/, with: "1")
        for scope in [nil] + Scope.allCases.map(Optional.some)
        where scope.map({ $0 < needed }) ?? true {
          let body = #"{"note":"x","text":"x","reason":"x","owner":"x"}"#
          let answer = try await fixture.ask("POST", target, as: scope, body: body)
          #expect([401, 403].contains(answer.status), "\(target)")
        }
      }
      #expect(try await state() == before)
    }
  }
}
