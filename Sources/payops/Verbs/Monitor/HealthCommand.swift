import Health
import MariaDBClient
import PayopsCore
import Tabular

/// `payops health`: the state of the payment operations on one screen.
struct HealthCommand: DatabaseVerb {
  static let at = Option.date("at", "moment that counts as now (default: the clock)")

  let name = "health"
  let summary = "show the state of payments on one screen"
  let discussion = """
    Reads published views only: today's KPIs against the same weekday last week up to the
    same time (changes of rates in percentage points), the backlog by age, settlement by
    rail (due = in time + late + failed + overdue), money at risk, open incidents with the
    severities of their alerts, jobs, and the newest backup that is verified. The blocks
    stand side by side where the terminal is wide enough.
    """
  let options = [at.declaration, GlobalOptions.fresh.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let moment = invocation[Self.at]
    try await invocation.withReader { connection in
      if let moment { try await HealthSummary.look(at: moment, on: connection) }
      let summary = try await HealthSummary.read(from: connection)
      try Self.show(summary, on: invocation.console)
      if !invocation.console.isJSON, let note = try await summary.emptiness(on: connection) {
        invocation.console.note(note)
      }
    }
    return .ok
  }

  /// Prints the page, or the same figures as JSON.
  static func show(_ summary: HealthSummary, on console: Console) throws {
    let page = HealthPage(summary: summary, layout: console.layout)
    try console.write(page.text, json: summary.json)
  }
}
