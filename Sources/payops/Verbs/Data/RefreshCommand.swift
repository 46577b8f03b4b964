import Integrity
import MariaDBClient
import PayopsCore
import Tabular

/// `payops refresh`: applies the captured changes that wait to the rollups.
struct RefreshCommand: DatabaseVerb {
  static let batch = Option.count(
    "batch", "N", from: 1, "most changes of each log to apply in one transaction (default 100k)")

  let name = "refresh"
  let summary = "apply captured changes to the rollups"
  let discussion = """
    Calls refresh_rollups, one transaction a time, until one has taken every captured
    change that it saw. Interrupted at any moment, the same command carries on. Changes of
    transactions that are still open are left to a later call.
    """
  let options = [batch.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let batch = invocation[Self.batch] ?? 100_000
    let console = invocation.console
    let refresh = try await invocation.withConnection { connection in
      let bar = ProgressBar("refresh", unit: "changes", console: console)
      defer { bar.finish() }
      return try await Rollups.refresh(connection, batch: batch) { bar.update(to: $0) }
    }
    try console.write(
      "\(Int(refresh.changes).grouped) changes applied\n",
      json: .pairs(["changes": .integer(refresh.changes), "calls": .integer(refresh.calls)]))
    return .ok
  }
}
