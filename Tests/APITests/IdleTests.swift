import Foundation
import MariaDBClient
import Pages
import Schema
import TestSupport
import Testing

@testable import API

@Suite("Viewers who only look", .timeLimit(.minutes(5)))
struct IdleTests {
  /// Runs of jobs, as the database keeps them.
  private static let jobTables = [
    "job_runs", "job_states", "job_dues", "job_requests", "scheduler_leases", "import_runs",
    "watchdog_ticks",
  ]

  @Test("a page that shows runs of jobs says so")
  func showsJobs() throws {
    let views = try Manifest.embedded().objects.filter { $0.kind == .view }
    let texts = Dictionary(
      uniqueKeysWithValues: views.map { view in
        let lines = view.source.split(separator: "\n").filter { !$0.hasPrefix("--") }
        let words = lines.flatMap { $0.split { !$0.isLetter && !$0.isNumber && $0 != "_" } }
        return (view.name, Set(words.map(String.init)))
      })
    #expect(texts.count > 150)
    for page in PageDefinition.all {
      var seen: Set<String> = []
      var open = Set(page.sections.flatMap(\.blocks).map(\.view))
      while let view = open.popFirst() {
        guard seen.insert(view).inserted, let words = texts[view] else { continue }
        open.formUnion(words.subtracting(seen))
        seen.formUnion(words.intersection(Self.jobTables))
      }
      #expect(!page.sections.flatMap(\.blocks).isEmpty)
      #expect(!seen.isDisjoint(with: Self.jobTables) == page.showsJobs, "\(page.name)")
    }
  }

  @Test("when nothing has changed for five minutes, pages are made anew every five minutes")
  func quiet() {
    typealias Revision = APIService.Revision
    let times: [(asOf: String, quiet: Int, minute: String)] = [
      ("2026-12-31 23:59:59.999999", 0, "2026-12-31 23:59"),
      ("2026-12-31 23:59:59.999999", 299, "2026-12-31 23:59"),
      ("2026-12-31 23:59:59.999999", 300, "2026-12-31 23:55"),
      ("2027-01-01 00:04:00", 9_999, "2027-01-01 00:00"), ("", 9_999, ""),
    ]
    for time in times {
      let minute = Revision.minute(of: time.asOf, unchangedFor: .seconds(time.quiet))
      #expect(minute == time.minute)
    }
    let start = ContinuousClock.now
    let first = Revision(nil, after: nil, at: start)
    let later = Revision(nil, after: first, at: start + .seconds(400))
    #expect(first.since == start && later.since == start && later.at == start + .seconds(400))
  }

  @Test("many viewers with tokens of their own cost one statement for each time of the revision")
  func idle() async throws {
    try await APIFixture.with { fixture in
      let path = "/api/v1/pages/overview"
      let scopes: [Scope] = [.read, .operate, .admin]
      var tags: [Scope: String] = [:]
      for scope in scopes {
        tags[scope] = try #require(try await fixture.ask("GET", path, as: scope).header("ETag"))
      }
      // A run of a job is nothing that this page shows.
      _ = try await fixture.root.queryAll("CALL run_job('sample_space', NULL, NULL, NULL, NULL)")
      let before = fixture.service.pools.uses
      for _ in 0..<5 {
        fixture.service.forgetRevision()
        for scope in scopes {
          let answer = try await fixture.ask(
            "GET", path, as: scope, headers: [(name: "if-none-match", value: tags[scope] ?? "")])
          // Within another minute of the clock the page is another, made once for each scope.
          #expect([200, 304].contains(answer.status))
          tags[scope] = answer.header("ETag")
          #expect(try await fixture.ask("GET", "/api/v1/revision", as: scope).status == 200)
        }
      }
      #expect(fixture.service.pools.uses - before <= 5 + scopes.count * 2)
      let other = fixture.service.pools.uses
      _ = try await fixture.root.query("CALL raise_alert('r', 's', 'WARNING', 't')")
      fixture.service.forgetRevision()
      _ = try await fixture.ask("GET", path)
      #expect(fixture.service.pools.uses > other + 1)
    }
  }
}
