import Demo
import EmbeddedServer
import Foundation
import PayopsCore
import Tabular

/// `payops demo`: a bank's payment operations on a private server, from nothing to a health page.
struct DemoCommand: Verb {
  static let transactions = Option.count("transactions", "N", "payments (default: 120k)")
  static let days = Option.integer(
    "days", "N", in: 1...3660, "days of history up to now (default: 90)")
  static let end = Option.date("end", "end of the history (default: now)")
  static let serve = Flag(
    "serve", help: "then keep payments coming, and print a link to the dashboard")
  static let remove = Flag("remove", help: "stop the demo's server and remove its directory")

  let name = "demo"
  let summary = "fill a private server and show the health page"
  let discussion = """
    Starts the embedded server, deploys the schema, generates a history of payments
    with customers, accounts, logins and settlements that ends in the middle of an
    outage, lets the monitor and the rules find what was planted, proves a backup, and
    shows the health page and what to try next. A second run adds nothing; an
    interrupted one carries on. With --serve payments keep coming, and the dashboard
    shows them.
    """
  let options = [
    transactions.declaration, days.declaration, end.declaration, serve.declaration,
    ServeOptions.listen.declaration, remove.declaration,
    GlobalOptions.dataDir.declaration,
    GlobalOptions.port.declaration,
  ]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let console = invocation.console
    let demo = Demo(on: ServerCommand.server(for: invocation), console: console)
    if invocation[Self.remove] {
      try await demo.remove()
      return .ok
    }
    let sights = try await demo.run(
      transactions: invocation[Self.transactions] ?? 120_000, days: invocation[Self.days] ?? 90,
      now: invocation[Self.end]
        ?? CivilInstant(secondsSinceEpoch: Int(Date.now.timeIntervalSince1970))
    ) { try HealthCommand.show($0, on: console) }
    guard invocation[Self.serve] else {
      if !console.isJSON { try console.write(sights.hints) }
      return .ok
    }
    let target = try DatabaseTarget(
      flags: [:], url: nil, optionFile: nil, environment: [:],
      or: ServerCommand.server(for: invocation), namesDirectory: true)
    let place = try ServeOptions.address(
      invocation[ServeOptions.listen] ?? ServeOptions.usualPlace)
    try await DemoService(target: target, address: place, console: console).run()
    return .ok
  }
}
