import MariaDBClient
import PayopsCore

/// `payops refresh`: applies captured changes to the rollups until none is left.
struct RefreshCommand: Verb {
  static let batch = Option.count(
    "batch", "N", "most changes of each log to apply in one transaction (default 100k)")

  let name = "refresh"
  let summary = "apply captured changes to the rollups"
  let discussion = """
    Calls refresh_rollups, one transaction a time, until no captured change is left that
    can be applied. Interrupted at any moment, the same command carries on. Changes of
    transactions that are still open are left to a later call.
    """
  let options = [batch.declaration]
  let connects = true

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let batch = max(1, invocation[Self.batch] ?? 100_000)
    let console = invocation.console
    let (changes, calls) = try await invocation.withConnection { connection in
      let bar = ProgressBar("refresh", unit: "changes", console: console)
      defer { bar.finish() }
      var changes: Int64 = 0
      var calls = 0
      while true {
        try Task.checkCancellation()
        let result = try await connection.query(
          "CALL refresh_rollups(?)", [.integer(Int64(batch))])
        guard let row = result.rows.first else { break }
        let applied = ["transaction_changes", "settlement_changes", "login_changes"]
          .reduce(Int64(0)) { $0 + (row.integer($1) ?? 0) }
        changes += applied
        calls += 1
        bar.update(to: Int(changes))
        guard applied > 0, row.integer("has_more") == 1 else { break }
      }
      return (changes, calls)
    }
    if console.isJSON {
      try console.write(JSON.pairs(["changes": .integer(changes), "calls": .integer(calls)]).lines)
    } else {
      try console.write("\(ProgressBar.grouped(Int(changes))) changes applied\n")
    }
    return .ok
  }
}
